//! Processes: fork, wait, kill, identity.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// This process's number.
pub fn pid() -> i32 {
    std::process::id() as i32
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    user() == 0
}

/// The user with whose rights this process acts.
pub fn user() -> u32 {
    // SAFETY: geteuid has no precondition.
    unsafe { libc::geteuid() }
}

/// What fork gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forked {
    /// in the parent: the child's number
    Parent(i32),
    /// in the child
    Child,
}

/// Forks with all signals blocked in the child, until it calls `signal::unblock_all`: none is lost
/// before it has its own handlers. Only while this process has no thread but the calling one: a lock that another thread
/// holds would stay locked in the child for ever.
pub fn fork() -> io::Result<Forked> {
    let before = super::signal::block_all();
    // SAFETY: the engine forks only before it starts threads (master), or in processes that never
    // start any (manager), so the child's copy of every lock is in a usable state.
    match super::check(unsafe { libc::fork() }) {
        Ok(0) => Ok(Forked::Child),
        other => {
            super::signal::unblock(&before);
            other.map(Forked::Parent)
        }
    }
}

/// Forks a process of the program's own: no signal is handled or ignored there by the engine, and the same ones are blocked as here. This
/// process may have threads that work for its loop; they are not in the child.
pub fn fork_for_program() -> io::Result<Forked> {
    // Whoever has asked for it once is counted.
    generation();
    let before = super::signal::block_all();
    // SAFETY: the C library keeps its own locks usable over a fork. What the engine's threads (files, names) share with this one is left
    // alone in the child: the pools are made anew there, and `apart_from_forks` keeps forks out of getaddrinfo's locks.
    let forked = super::check(unsafe { libc::fork() });
    if let Ok(0) = forked {
        super::signal::leave_to_program();
        let_go_of_kept_back();
    }
    super::signal::unblock(&before);
    forked.map(|pid| if pid == 0 { Forked::Child } else { Forked::Parent(pid) })
}

/// What tells of descriptors, one by one.
pub type DescriptorsFn = Rc<dyn Fn(&mut dyn FnMut(RawFd))>;

thread_local! {
    static KEPT_BACK: RefCell<Vec<DescriptorsFn>> = const { RefCell::new(Vec::new()) };
}

/// Descriptors that `list` tells of are the engine's own: in a child of [`fork_for_program`] they mean /dev/null, so that a port is free
/// and a connection ends when this process says so, whatever the program's children do. `list` is called in the child, once; processes
/// that are forked otherwise (workers) inherit it for children of their own. It must not keep alive what it tells of, and tells of nothing
/// when that is gone.
pub fn keep_from_children(list: DescriptorsFn) {
    KEPT_BACK.with_borrow_mut(|lists| lists.push(list));
}

/// The numbers stay taken: whoever owns such a descriptor closes it some time, and must not close another's.
fn let_go_of_kept_back() {
    // Each is told of once: in this process's children there is nothing left to let go of.
    let lists = KEPT_BACK.take();
    if lists.is_empty() {
        return;
    }
    let Ok(null) = std::fs::File::options().read(true).write(true).open("/dev/null") else { return };
    for list in lists {
        list(&mut |fd| {
            // SAFETY: dup3 takes numbers only; what the second one meant is owned by the engine, which does nothing with it here but close it.
            unsafe { libc::dup3(null.as_raw_fd(), fd, libc::O_CLOEXEC) };
        });
    }
}

/// How often this process's line has forked, the engine's own forks included: differs in every child. Costs no system call.
pub fn generation() -> u32 {
    static ONCE: std::sync::Once = std::sync::Once::new();
    // SAFETY: the handlers use atomics and sleep, which is allowed around a fork and in its child.
    ONCE.call_once(|| unsafe {
        pthread_atfork(Some(before_fork), Some(after_fork), Some(in_child));
    });
    counted_generation()
}

/// As [`generation`], for whoever has called that before.
#[inline]
pub fn counted_generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

static GENERATION: AtomicU32 = AtomicU32::new(0);
/// Threads that fork at this moment.
static FORKING: AtomicU32 = AtomicU32::new(0);
/// Threads in [`apart_from_forks`].
static APART: AtomicU32 = AtomicU32::new(0);
/// How long a fork waits for those.
const PATIENCE: Duration = Duration::from_millis(100);

extern "C" fn before_fork() {
    FORKING.fetch_add(1, Ordering::SeqCst);
    let begun = Instant::now();
    while APART.load(Ordering::SeqCst) > 0 && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_micros(200));
    }
}

extern "C" fn after_fork() {
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    FORKING.store(0, Ordering::SeqCst);
    APART.store(0, Ordering::SeqCst);
    super::flock::close_inherited();
}

/// Makes a call that holds locks of the C library which a fork does not care for, and which would stay locked in the child for ever: getaddrinfo(3)
/// while it reads resolv.conf. It does not begin while another thread forks, and a fork waits for it, for 100 ms at most: what takes
/// longer is then waiting for the network, without a lock. Not for the thread that forks.
pub fn apart_from_forks<T>(call: impl FnOnce() -> T) -> T {
    struct Apart;
    impl Drop for Apart {
        fn drop(&mut self) {
            APART.fetch_sub(1, Ordering::SeqCst);
        }
    }
    // So that forks are seen at all.
    generation();
    loop {
        APART.fetch_add(1, Ordering::SeqCst);
        let apart = Apart;
        if FORKING.load(Ordering::SeqCst) == 0 {
            return call();
        }
        drop(apart);
        std::thread::sleep(Duration::from_micros(200));
    }
}

unsafe extern "C" {
    /// See pthread_atfork(3); the libc crate does not declare it for Linux.
    fn pthread_atfork(
        prepare: Option<extern "C" fn()>,
        parent: Option<extern "C" fn()>,
        child: Option<extern "C" fn()>,
    ) -> libc::c_int;
}

/// A child that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reaped {
    /// its process number
    pub pid: i32,
    /// status as wait(2) gave it
    pub status: i32,
}

impl Reaped {
    /// Exit code; 0 if a signal ended it.
    pub fn exit_code(self) -> i32 {
        if libc::WIFEXITED(self.status) { libc::WEXITSTATUS(self.status) } else { 0 }
    }
    /// The signal that ended it; 0 if it exited.
    pub fn signal(self) -> i32 {
        if libc::WIFSIGNALED(self.status) { libc::WTERMSIG(self.status) } else { 0 }
    }
}

/// Collects one ended child `pid` if it has ended, without waiting.
pub fn reap(pid: i32) -> Option<Reaped> {
    let mut status = 0;
    // SAFETY: `status` is a valid int that waitpid writes.
    let found = unsafe { libc::waitpid(pid, &raw mut status, libc::WNOHANG) };
    if found == -1 && io::Error::last_os_error().raw_os_error() == Some(libc::ECHILD) {
        // Somebody else waited for it (the program, for any child): how it ended is not known.
        return Some(Reaped { pid, status: 0 });
    }
    (found > 0).then_some(Reaped { pid: found, status })
}

/// Children of the engine's own that somebody waits for by their number, with the status that was found.
type Children = Vec<(i32, Option<i32>)>;

thread_local! {
    /// They, and the fork that they belong to.
    static EXPECTED: RefCell<(u32, Children)> = const { RefCell::new((0, Vec::new())) };
}

fn expected<T>(with: impl FnOnce(&mut Children) -> T) -> Option<T> {
    EXPECTED
        .try_with(|expected| {
            let (fork, list) = &mut *expected.borrow_mut();
            if *fork != generation() {
                *fork = generation();
                list.clear();
            }
            with(list)
        })
        .ok()
}

/// A child of the engine's own: [`reap_any`] on this thread gives it to nobody else. Until it is dropped.
#[derive(Debug)]
pub struct Expected(i32);

impl Expected {
    /// The child of that number.
    pub fn new(pid: i32) -> Expected {
        expected(|list| list.push((pid, None)));
        Expected(pid)
    }

    /// How it has ended, if [`reap_any`] has found that.
    pub fn reaped(&self) -> Option<Reaped> {
        expected(|list| list.iter().find(|(pid, _)| *pid == self.0).and_then(|(_, status)| *status))
            .flatten()
            .map(|status| Reaped { pid: self.0, status })
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        expected(|list| list.retain(|(pid, _)| *pid != self.0));
    }
}

/// Collects a child that has ended, any but those that the engine expects itself. With `blocking` it waits for one. None: none has ended
/// yet. Errors: ECHILD (there is none), EINTR.
pub fn reap_any(blocking: bool) -> io::Result<Option<Reaped>> {
    loop {
        let mut status = 0;
        // SAFETY: `status` is a valid int that waitpid writes.
        let found = unsafe { libc::waitpid(-1, &raw mut status, if blocking { 0 } else { libc::WNOHANG }) };
        match super::check(found)? {
            0 => return Ok(None),
            pid => {
                let ours = expected(|list| {
                    let known = list.iter_mut().find(|(known, _)| *known == pid);
                    known.map(|(_, place)| *place = Some(status)).is_some()
                });
                if ours != Some(true) {
                    return Ok(Some(Reaped { pid, status }));
                }
            }
        }
    }
}

/// Whether the process is gone, or has ended and waits to be reaped.
pub fn has_ended(pid: i32) -> bool {
    let Ok(stat) = std::fs::read(format!("/proc/{pid}/stat")) else {
        // There is no /proc here (chroot), or it does not show other users' processes; those may not be signalled either.
        return kill(pid, 0).is_err_and(|e| e.raw_os_error() == Some(libc::ESRCH));
    };
    // The state stands behind the program's name, which is in parentheses and may hold any byte.
    let state = stat.iter().rposition(|byte| *byte == b')').and_then(|at| stat.get(at + 2));
    matches!(state, Some(b'Z' | b'X'))
}

/// Sends a signal; errors as kill(2). 0 only asks whether the process exists.
pub fn kill(pid: i32, signal: i32) -> io::Result<()> {
    if pid <= 0 {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    // SAFETY: kill takes no pointers, and a positive pid addresses one process.
    super::check(unsafe { libc::kill(pid, signal) }).map(drop)
}

/// kill(2) as it is: `pid` 0 is the caller's process group, less than 0 the group of that number, -1 everything.
pub fn kill_as_told(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: kill takes no pointers.
    super::check(unsafe { libc::kill(pid, signal) }).map(drop)
}

/// Becomes the program `file`, with the file's name as it was given and then `arguments` as its arguments, in the environment of this
/// process; see execv(3). Returns only the error.
pub fn exec(file: &CStr, arguments: &[CString]) -> io::Error {
    let words = std::iter::once(file).chain(arguments.iter().map(CString::as_c_str)).map(CStr::as_ptr);
    let words: Vec<_> = words.chain(std::iter::once(std::ptr::null())).collect();
    // SAFETY: a C string, and C strings with a null pointer behind the last.
    unsafe { libc::execv(file.as_ptr(), words.as_ptr()) };
    io::Error::last_os_error()
}

/// Reads memory of another process, which goes on running meanwhile, from `address` on (an address of that process). Returns how
/// many bytes were read: fewer where its memory ends. Errors: EFAULT (nothing is there), EPERM (ptrace(2) tells who may), ESRCH.
pub fn read_memory(pid: i32, address: usize, into: &mut [u8]) -> io::Result<usize> {
    let here = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let there = libc::iovec { iov_base: std::ptr::without_provenance_mut(address), iov_len: into.len() };
    // SAFETY: the kernel writes at most `into.len()` bytes to `into`, and checks the other process's address itself.
    let got = unsafe { libc::process_vm_readv(pid, &raw const here, 1, &raw const there, 1, 0) };
    if got == -1 { Err(io::Error::last_os_error()) } else { Ok(got as usize) }
}

/// Asks the kernel to kill this process when its parent dies. To be called after a change of user,
/// which forgets it (prctl(2)). `parent` is the pid the parent had before the fork: if it is gone
/// already, this process ends at once.
pub fn die_with_parent(parent: i32) {
    // SAFETY: prctl with these arguments reads no memory; getppid has no precondition.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
        if libc::getppid() != parent {
            libc::_exit(1);
        }
    }
}

/// Takes back what [`die_with_parent`] has asked for: this process outlives its parent.
pub fn live_without_parent() {
    // SAFETY: prctl with these arguments reads no memory.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, 0, 0, 0, 0);
    }
}

/// Ends this process without anything that is to be done at its end: that belongs to its child.
pub fn end_at_once(code: i32) -> ! {
    // SAFETY: _exit has no precondition.
    unsafe { libc::_exit(code) }
}

/// This process leads a session of its own, without a terminal. Nothing happens if it leads one, or a process group, already.
pub fn begin_session() {
    // SAFETY: setsid has no precondition.
    unsafe { libc::setsid() };
}

/// Becomes a daemon: a new session without a terminal, its parent gone. Returns in the daemon only, with all signals blocked.
pub fn daemonize() -> io::Result<()> {
    for _ in 0..2 {
        if let Forked::Parent(_) = fork()? {
            end_at_once(0)
        }
        // In the second round it fails harmlessly if it must.
        begin_session();
    }
    Ok(())
}

/// A user or group that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// user number, if a user was asked for
    pub user: Option<libc::uid_t>,
    /// group number: the one asked for, else the user's own
    pub group: Option<libc::gid_t>,
}

impl Identity {
    /// Neither user nor group.
    pub const NONE: Identity = Identity { user: None, group: None };
}

/// Looks up a user's number and main group by name; None if there is none.
pub fn find_user(name: &str) -> Option<(libc::uid_t, libc::gid_t)> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name is a C string; the record getpwnam returns is read before any other call
    // could overwrite it, on the one thread that exists before start.
    unsafe {
        let record = libc::getpwnam(name.as_ptr());
        (!record.is_null()).then(|| ((*record).pw_uid, (*record).pw_gid))
    }
}

/// Looks up a group's number by name; None if there is none.
pub fn find_group(name: &str) -> Option<libc::gid_t> {
    let name = CString::new(name).ok()?;
    // SAFETY: as in `find_user`.
    unsafe {
        let record = libc::getgrnam(name.as_ptr());
        (!record.is_null()).then(|| (*record).gr_gid)
    }
}

/// Changes root directory, group and user, in the order in which each is still allowed.
pub fn drop_privileges(root: Option<&std::path::Path>, who: Identity) -> io::Result<()> {
    if let Some(root) = root {
        std::os::unix::fs::chroot(root)?;
        std::env::set_current_dir("/")?;
    }
    // SAFETY: these calls take numbers only, but for setgroups, which reads the one group it is told of.
    unsafe {
        if let Some(group) = who.group {
            super::check(libc::setgroups(1, &raw const group))?;
            super::check(libc::setgid(group))?;
        }
        if let Some(user) = who.user {
            super::check(libc::setuid(user))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::signal::{SIGKILL, SIGUSR1};
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_call_apart_from_forks_goes_on_beside_others_and_after_a_fork() {
        let (begun, wait) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let beside = std::thread::spawn(move || {
            apart_from_forks(|| {
                begun.send(()).unwrap();
                ended.recv().unwrap_err();
            });
        });
        wait.recv().unwrap();
        assert_eq!(apart_from_forks(|| 1), 1);
        // It is not waited for without end.
        let Forked::Parent(pid) = fork().unwrap() else {
            // In the child nobody is in such a call.
            let status = if APART.load(Ordering::SeqCst) == 0 && apart_from_forks(|| true) { SIGKILL } else { SIGUSR1 };
            kill(pid(), status).unwrap();
            super::super::signal::unblock_all();
            unreachable!()
        };
        let status = loop {
            if let Some(reaped) = reap(pid) {
                break reaped.signal();
            }
            std::thread::yield_now();
        };
        assert_eq!(status, SIGKILL);
        drop(end);
        beside.join().unwrap();
        assert_eq!(apart_from_forks(|| 2), 2);
    }

    #[test]
    fn memory_is_read_as_far_as_it_goes() {
        let text = *b"some bytes";
        let mut into = [0; 10];
        assert_eq!(read_memory(pid(), text.as_ptr().addr(), &mut into).unwrap(), 10);
        assert_eq!(into, text);
        assert_eq!(read_memory(pid(), 8, &mut into).unwrap_err().raw_os_error(), Some(libc::EFAULT));
    }
}
