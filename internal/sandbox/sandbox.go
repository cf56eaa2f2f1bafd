// Package sandbox takes from the process that calls it whatever it does not
// need to look at what strangers made: files, network, other programs,
// unbounded time and memory. Level 1: media may import it. It concerns the
// whole process, and what was taken never comes back.
package sandbox

// Limits bound the process.
type Limits struct {
	Memory int64 // bytes of data
	CPU    int   // seconds
	File   int64 // bytes of a file that is written
	// Program is what the process is about to become, "" for nothing. It may
	// read itself and the libraries of the system, and read and write in Dir.
	Program string
	Dir     string
}
