package sandbox

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

var archCalls = [...]uintptr{unix.SYS_ARCH_PRCTL, unix.SYS_EPOLL_WAIT}

var archProgramCalls = [...]uintptr{
	unix.SYS_OPEN, unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_NEWFSTATAT, unix.SYS_ACCESS, unix.SYS_READLINK, unix.SYS_POLL, unix.SYS_SELECT, unix.SYS_PIPE,
	unix.SYS_DUP2, unix.SYS_GETRLIMIT, unix.SYS_GETDENTS, unix.SYS_TIME,
}
