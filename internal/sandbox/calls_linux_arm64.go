package sandbox

import "golang.org/x/sys/unix"

const auditArch = 0xc00000b7 // AUDIT_ARCH_AARCH64

var archCalls = [...]uintptr{}

var archProgramCalls = [...]uintptr{unix.SYS_FSTATAT}
