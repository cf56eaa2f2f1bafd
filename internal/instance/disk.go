package instance

import (
	"fmt"
	"syscall"
)

// disk tells how many bytes are free where the data directory is, and how many
// there are.
func (in *Instance) disk() (free, total int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(in.cfg.DataDir, &s); err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize, nil
}
