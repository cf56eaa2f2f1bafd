//go:build !linux || !(amd64 || arm64)

package sandbox

// Enter confines the process as far as this system can, and says what it
// cannot do.
func Enter(Limits) (missing []string) {
	return []string{"limits of resources", "no new privileges", "Landlock", "seccomp"}
}
