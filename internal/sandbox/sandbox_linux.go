//go:build linux && (amd64 || arm64)

package sandbox

import (
	"runtime/debug"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Enter confines the process as far as this kernel can, and says what it
// cannot do. Files that are open stay open; none can be opened any more.
func Enter(l Limits) (missing []string) {
	debug.SetMemoryLimit(l.Memory / 2)
	for _, step := range []struct {
		name string
		take func() error
	}{
		{"limits of resources", l.take},
		{"no new privileges", noNewPrivileges},
		{"Landlock", l.landlock},
		{"seccomp", func() error { return seccomp(l.Program != "") }},
	} {
		if step.take() != nil {
			missing = append(missing, step.name)
		}
	}
	return missing
}

func (l Limits) take() error {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_CORE: 0, unix.RLIMIT_DATA: uint64(l.Memory), unix.RLIMIT_FSIZE: uint64(l.File), unix.RLIMIT_CPU: uint64(l.CPU), unix.RLIMIT_NOFILE: 32,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return onAllThreads(unix.SYS_SETPRIORITY, unix.PRIO_PROCESS, 0, niceness)
}

// niceness lets the server go first, so that it answers while files are looked
// at.
const niceness = 10

func noNewPrivileges() error {
	return onAllThreads(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0)
}

// onAllThreads makes a system call that concerns a thread on every one.
func onAllThreads(number, a, b, c uintptr) error {
	if _, _, errno := syscall.AllThreadsSyscall(number, a, b, c); errno != 0 {
		return errno
	}
	return nil
}

// What Landlock knows, by the version of its interface.
var landlockFiles = [...]uint64{1: 1<<13 - 1, 2: 1<<14 - 1, 3: 1<<15 - 1, 4: 1<<15 - 1, 5: 1<<16 - 1}

// Rights of Landlock.
const (
	execute, writeFile, readFile, readDir, makeFile, truncate = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 8, 1 << 14

	readable = execute | readFile | readDir
	writable = readFile | writeFile | readDir | makeFile | truncate
)

// libraries are where systems keep what programs are linked with.
var libraries = [...]string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/alternatives"}

// landlock forbids every file, but those a program needs, and every TCP
// connection.
func (l Limits) landlock() error {
	const versionFlag = 1
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, versionFlag)
	if errno != 0 {
		return errno
	}
	rules := struct{ files, network, scoped uint64 }{files: landlockFiles[min(int(version), len(landlockFiles)-1)]}
	size := uintptr(8)
	if version >= 4 {
		rules.network, size = 3, 16
	}
	if version >= 6 {
		rules.scoped, size = 3, 24
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), size, 0)
	if errno != 0 {
		return errno
	}
	defer unix.Close(int(fd))
	if l.Program != "" {
		for _, path := range append(libraries[:len(libraries):len(libraries)], l.Program) {
			if err := allow(fd, path, readable); err != nil && err != unix.ENOENT {
				return err
			}
		}
		if err := allow(fd, l.Dir, writable&rules.files); err != nil {
			return err
		}
	}
	return onAllThreads(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0)
}

// allow gives rights to a file, or to all below a directory.
func allow(rules uintptr, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= execute | readFile | writeFile | truncate
	}
	// The kernel's structure is packed: eight bytes, then four.
	beneath := struct {
		rights uint64
		parent int32
	}{rights, int32(fd)}
	const pathBeneath = 1
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, rules, pathBeneath, uintptr(unsafe.Pointer(&beneath)), 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// Offsets into what a filter of system calls sees.
const (
	offsetNumber   = 0
	offsetArch     = 4
	offsetArgument = 16 // the lower half of the first
)

// seccomp lets only those system calls through that pure computing on open
// files needs, or that a program needs to start and to read and write files
// that Landlock leaves it; all others fail.
func seccomp(program bool) error {
	const (
		load, equal, ret = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
		refuse           = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	)
	allowed := append(calls[:len(calls):len(calls)], archCalls[:]...)
	if program {
		allowed = append(append(allowed, programCalls[:]...), archProgramCalls[:]...)
	}
	filters := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, Jt: 1, K: auditArch},
		{Code: ret, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: load, K: offsetNumber},
	}
	for _, number := range allowed {
		filters = append(filters, unix.SockFilter{Code: equal, Jf: 1, K: uint32(number)}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
	}
	// A thread may be started, a process not. What the newer call of the two
	// would start cannot be seen here; without it libraries take the older.
	filters = append(filters,
		unix.SockFilter{Code: equal, Jf: 1, K: unix.SYS_CLONE3},
		unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
		unix.SockFilter{Code: equal, Jf: 3, K: unix.SYS_CLONE},
		unix.SockFilter{Code: load, K: offsetArgument},
		unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: 1, K: unix.CLONE_THREAD},
		unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: ret, K: refuse})
	filter := unix.SockFprog{Len: uint16(len(filters)), Filter: &filters[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&filter)))
	if errno != 0 {
		return errno
	}
	return nil
}

var calls = [...]uintptr{
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_READV, unix.SYS_WRITEV, unix.SYS_LSEEK, unix.SYS_FSTAT,
	unix.SYS_FTRUNCATE, unix.SYS_CLOSE, unix.SYS_FCNTL, unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_MINCORE,
	unix.SYS_BRK, unix.SYS_FUTEX, unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_GETTID,
	unix.SYS_GETPID, unix.SYS_TGKILL, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP,
	unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2,
	unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_GETRANDOM, unix.SYS_RESTART_SYSCALL, unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME,
	unix.SYS_TIMER_DELETE, unix.SYS_SETITIMER, unix.SYS_MEMBARRIER, unix.SYS_GETRUSAGE, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ,
}

// programCalls are what a program needs besides.
var programCalls = [...]uintptr{
	unix.SYS_EXECVE, unix.SYS_OPENAT, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2, unix.SYS_READLINKAT, unix.SYS_STATX, unix.SYS_GETDENTS64, unix.SYS_STATFS,
	unix.SYS_FSTATFS, unix.SYS_GETCWD, unix.SYS_UMASK, unix.SYS_PRCTL, unix.SYS_PRLIMIT64, unix.SYS_SET_TID_ADDRESS, unix.SYS_SYSINFO, unix.SYS_UNAME,
	unix.SYS_GETUID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETEGID, unix.SYS_GETPPID, unix.SYS_IOCTL, unix.SYS_PPOLL, unix.SYS_PSELECT6,
	unix.SYS_PIPE2, unix.SYS_DUP, unix.SYS_DUP3, unix.SYS_MREMAP, unix.SYS_MSYNC, unix.SYS_MLOCK, unix.SYS_MUNLOCK, unix.SYS_FSYNC, unix.SYS_FADVISE64,
	unix.SYS_FALLOCATE, unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_GETPARAM, unix.SYS_SCHED_GETSCHEDULER, unix.SYS_SCHED_GET_PRIORITY_MAX,
	unix.SYS_SCHED_GET_PRIORITY_MIN, unix.SYS_GET_MEMPOLICY, unix.SYS_SET_MEMPOLICY, unix.SYS_MBIND, unix.SYS_TIMES, unix.SYS_CLOCK_GETRES,
	unix.SYS_GET_ROBUST_LIST, unix.SYS_GETPRIORITY,
}
