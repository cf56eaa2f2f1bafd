package instance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"coterie/internal/domain"
)

// AccountExport is "account export"; File is an absolute path.
type AccountExport struct {
	Name string `json:"name"`
	File string `json:"file"`
}

// exportWord is after how many posts and files progress is told.
const exportWord = 1000

// AccountExport writes the archive of an account to a file that is not there
// yet.
func (in *Instance) AccountExport(ctx context.Context, c AccountExport, progress func(string)) (BackupDone, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return BackupDone{}, err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return BackupDone{}, domain.Errorf(domain.Conflict, "%s exists already; name a file that does not.", c.File)
	}
	if err != nil {
		return BackupDone{}, fmt.Errorf("make the file: %w", err)
	}
	told := int64(0)
	err = in.archive.WriteTo(ctx, &a, f, func(done int64) error {
		if done >= told+exportWord {
			told = done
			progress(fmt.Sprintf("%d posts and files …", done))
		}
		return nil
	})
	if err == nil {
		err = f.Sync()
	}
	var size int64
	if fi, serr := f.Stat(); serr == nil {
		size = fi.Size()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return BackupDone{}, errors.Join(fmt.Errorf("write the archive: %w", err), os.Remove(c.File))
	}
	return BackupDone{Bytes: size}, nil
}
