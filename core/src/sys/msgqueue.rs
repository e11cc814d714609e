//! System V message queues: they belong to no process and outlive all of them, until they are removed or the
//! system restarts. See sysvipc(7) and msgop(2).
//!
//! Every call returns at once but those that are told to wait. A message is a kind (a number above 0) and its bytes; a process of another
//! program may put and take messages too if it knows the key and may.

use super::check;
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What precedes the bytes of a message in the buffers of msgsnd and msgrcv: its kind.
const HEAD: usize = size_of::<libc::c_long>();

/// Room for the first try of a receive; as much as one message holds unless the administrator raised it.
const USUAL: usize = 8 * 1024;

/// A handle of a queue. Dropping it leaves the queue as it is; a forked child may go on using its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageQueue {
    id: libc::c_int,
}

impl MessageQueue {
    /// The queue of this key, made if there is none, readable and writable for this user only. Key 0 always makes a new one,
    /// which only those find who are told its id. Errors: EACCES (it is another user's), ENOSPC (the system's limit of
    /// queues, `kernel.msgmni`).
    pub fn open(key: u32) -> io::Result<MessageQueue> {
        // SAFETY: msgget takes numbers only. A key is 32 bits of which no sign is meant.
        let id = check(unsafe { libc::msgget(key as libc::key_t, libc::IPC_CREAT | 0o600) })?;
        Ok(MessageQueue { id })
    }

    /// Its number in the system, as `ipcs -q` lists it.
    pub fn id(&self) -> i32 {
        self.id
    }

    /// Puts a message in: `parts` one after the other. False: the queue is full at the moment. Errors: EINVAL (the kind is
    /// not above 0, or the message is longer than [`max_message`]), EIDRM or EINVAL (the queue was removed), EACCES.
    pub fn try_send(&self, kind: i64, parts: [&[u8]; 2]) -> io::Result<bool> {
        self.send(kind, parts, false)
    }

    /// As [`MessageQueue::try_send`]; with `waits` it waits while the queue is full. Errors also: EINTR, a signal's handler has run meanwhile.
    pub fn send(&self, kind: i64, parts: [&[u8]; 2], waits: bool) -> io::Result<bool> {
        let len = parts[0].len() + parts[1].len();
        let mut message = Vec::with_capacity(HEAD + len);
        message.extend_from_slice(&kind.to_ne_bytes());
        message.extend_from_slice(parts[0]);
        message.extend_from_slice(parts[1]);
        loop {
            // SAFETY: `message` is a kind followed by `len` readable bytes.
            let sent = unsafe { libc::msgsnd(self.id, message.as_ptr().cast(), len, flags(waits)) };
            match check(sent).map_err(|error| (error.raw_os_error(), error)) {
                Ok(_) => return Ok(true),
                Err((Some(libc::EAGAIN), _)) => return Ok(false),
                Err((Some(libc::EINTR), _)) if !waits => continue,
                Err((_, error)) => return Err(error),
            }
        }
    }

    /// Takes a message out: the oldest of all (`kind` 0), of this kind (above 0), or of the lowest kind up to `-kind` (below 0).
    /// `buf` then holds its bytes, whole however long it is, and the answer is its kind. None: there is none. Errors as
    /// with [`MessageQueue::try_send`]; `buf` is empty then.
    pub fn try_receive(&self, kind: i64, buf: &mut Vec<u8>) -> io::Result<Option<i64>> {
        self.receive(kind, buf, false)
    }

    /// As [`MessageQueue::try_receive`]; with `waits` it waits for a message. Errors also: EINTR, a signal's handler has run meanwhile.
    pub fn receive(&self, kind: i64, buf: &mut Vec<u8>, waits: bool) -> io::Result<Option<i64>> {
        buf.clear();
        buf.reserve(HEAD + USUAL);
        loop {
            let room = buf.capacity() - HEAD;
            // SAFETY: the vector owns `HEAD + room` bytes, of which msgrcv writes a kind and at most `room` bytes.
            let got = unsafe { libc::msgrcv(self.id, buf.as_mut_ptr().cast(), room, kind, flags(waits)) };
            if got >= 0 {
                // SAFETY: msgrcv wrote the kind and `got` bytes behind it.
                unsafe { buf.set_len(HEAD + got as usize) };
                let mut head = [0; HEAD];
                head.copy_from_slice(&buf[..HEAD]);
                buf.drain(..HEAD);
                return Ok(Some(libc::c_long::from_ne_bytes(head)));
            }
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::ENOMSG) => return Ok(None),
                Some(libc::EINTR) if !waits => {}
                // It stays in the queue until the buffer is long enough for it.
                Some(libc::E2BIG) => buf.reserve(2 * (HEAD + room)),
                _ => return Err(error),
            }
        }
    }

    /// As [`MessageQueue::try_receive`], straight into `room`: the kind comes first, as 8 bytes, then the message. How many bytes the message
    /// has. Errors: E2BIG, the next message is longer than the room, and stays.
    pub fn try_receive_into(&self, kind: i64, room: &mut [u8]) -> io::Result<Option<usize>> {
        let most = room.len().saturating_sub(HEAD);
        loop {
            if most == 0 {
                return Err(io::Error::from_raw_os_error(libc::E2BIG));
            }
            // SAFETY: `room` has `HEAD + most` bytes, of which msgrcv writes a kind and at most `most` bytes.
            let got = unsafe { libc::msgrcv(self.id, room.as_mut_ptr().cast(), most, kind, libc::IPC_NOWAIT) };
            if got >= 0 {
                return Ok(Some(got as usize));
            }
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::ENOMSG) => return Ok(None),
                Some(libc::EINTR) => {}
                _ => return Err(error),
            }
        }
    }

    /// How many messages lie in it, and how many bytes they have together.
    pub fn stat(&self) -> io::Result<(u64, u64)> {
        let now = self.look()?;
        Ok((now.msg_qnum, now.__msg_cbytes))
    }

    /// Asks for room for `bytes` bytes of messages in all, and returns how much room there is now: as asked, or less where
    /// the system does not allow that much (`kernel.msgmnb`, unless one is privileged). Never makes it smaller.
    pub fn grow(&self, bytes: u64) -> io::Result<u64> {
        let mut wanted = self.look()?;
        if wanted.msg_qbytes < bytes {
            wanted.msg_qbytes = bytes;
            // SAFETY: `wanted` is a valid msqid_ds that msgctl reads. A refusal leaves the queue as it was.
            unsafe { libc::msgctl(self.id, libc::IPC_SET, &raw mut wanted) };
        }
        Ok(self.look()?.msg_qbytes)
    }

    /// How many bytes of messages it takes in all.
    pub fn capacity(&self) -> io::Result<u64> {
        Ok(self.look()?.msg_qbytes)
    }

    /// Sets that. Errors: EPERM, more than `kernel.msgmnb` or another user's.
    pub fn set_capacity(&self, bytes: u64) -> io::Result<()> {
        let mut wanted = self.look()?;
        wanted.msg_qbytes = bytes;
        // SAFETY: `wanted` is a valid msqid_ds that msgctl reads. A refusal leaves the queue as it was.
        check(unsafe { libc::msgctl(self.id, libc::IPC_SET, &raw mut wanted) }).map(drop)
    }

    /// Makes the queue another user's and group's (root only), as well as its maker's.
    pub fn give_to(&self, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
        let mut wanted = self.look()?;
        wanted.msg_perm.uid = user.unwrap_or(wanted.msg_perm.uid);
        wanted.msg_perm.gid = group.unwrap_or(wanted.msg_perm.gid);
        // SAFETY: `wanted` is a valid msqid_ds that msgctl reads.
        check(unsafe { libc::msgctl(self.id, libc::IPC_SET, &raw mut wanted) }).map(drop)
    }

    /// The user who made it; that one may change its rights at any time.
    pub fn maker(&self) -> io::Result<u32> {
        Ok(self.look()?.msg_perm.cuid)
    }

    /// Removes the queue with all that is in it, for everybody.
    pub fn remove(self) -> io::Result<()> {
        // SAFETY: IPC_RMID reads no memory.
        check(unsafe { libc::msgctl(self.id, libc::IPC_RMID, std::ptr::null_mut()) }).map(drop)
    }

    fn look(&self) -> io::Result<libc::msqid_ds> {
        // SAFETY: msqid_ds consists of numbers, so all zero is one; IPC_STAT fills it.
        unsafe {
            let mut state: libc::msqid_ds = std::mem::zeroed();
            check(libc::msgctl(self.id, libc::IPC_STAT, &raw mut state))?;
            Ok(state)
        }
    }
}

fn flags(waits: bool) -> libc::c_int {
    if waits { 0 } else { libc::IPC_NOWAIT }
}

/// How many bytes one message may have (`kernel.msgmax`).
pub fn max_message() -> usize {
    let told = std::fs::read_to_string("/proc/sys/kernel/msgmax").ok();
    told.and_then(|text| text.trim().parse().ok()).unwrap_or(USUAL)
}

/// The key that ftok(3) makes of an existing file and the low eight bits of `project`. Errors: there is no such file.
pub fn ftok(path: &Path, project: i32) -> io::Result<u32> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: the path is a C string.
    check(unsafe { libc::ftok(path.as_ptr(), project) }).map(|key| key as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue of the test's own, removed at its end.
    struct Private(MessageQueue);

    impl Private {
        fn new() -> Private {
            Private(MessageQueue::open(0).expect("a private queue"))
        }
    }

    impl Drop for Private {
        fn drop(&mut self) {
            let _ = self.0.remove();
        }
    }

    #[test]
    fn messages_come_out_in_order_with_their_kinds() {
        let queue = Private::new();
        assert!(queue.0.try_send(7, [b"head", b" and body"]).unwrap());
        assert!(queue.0.try_send(3, [b"", b""]).unwrap());
        assert_eq!(queue.0.stat().unwrap(), (2, 13));
        let mut buf = Vec::new();
        assert_eq!(queue.0.try_receive(0, &mut buf).unwrap(), Some(7));
        assert_eq!(buf, b"head and body");
        assert_eq!(queue.0.try_receive(0, &mut buf).unwrap(), Some(3));
        assert_eq!(buf, b"");
        assert_eq!(queue.0.try_receive(0, &mut buf).unwrap(), None);
    }

    #[test]
    fn its_maker_is_told() {
        // SAFETY: geteuid has no precondition.
        assert_eq!(Private::new().0.maker().unwrap(), unsafe { libc::geteuid() });
    }

    #[test]
    fn a_kind_is_picked_out() {
        let queue = Private::new();
        for kind in [5, 2, 9] {
            assert!(queue.0.try_send(kind, [&kind.to_ne_bytes(), b""]).unwrap());
        }
        let mut buf = Vec::new();
        assert_eq!(queue.0.try_receive(9, &mut buf).unwrap(), Some(9));
        assert_eq!(queue.0.try_receive(-6, &mut buf).unwrap(), Some(2));
        assert_eq!(queue.0.try_receive(2, &mut buf).unwrap(), None);
    }

    #[test]
    fn the_longest_message_arrives_whole() {
        let queue = Private::new();
        let longest = vec![b'x'; max_message().min(queue.0.grow(max_message() as u64).unwrap() as usize)];
        assert!(queue.0.try_send(1, [&longest, b""]).unwrap());
        let mut buf = Vec::new();
        assert_eq!(queue.0.try_receive(0, &mut buf).unwrap(), Some(1));
        assert_eq!(buf, longest);
    }

    #[test]
    fn too_long_a_message_and_kind_0_are_refused() {
        let queue = Private::new();
        let long = vec![0; max_message() + 1];
        assert_eq!(queue.0.try_send(1, [&long, b""]).unwrap_err().raw_os_error(), Some(libc::EINVAL));
        assert_eq!(queue.0.try_send(0, [b"", b""]).unwrap_err().raw_os_error(), Some(libc::EINVAL));
    }

    #[test]
    fn a_full_queue_says_so_and_has_room_again_later() {
        let queue = Private::new();
        let room = queue.0.grow(0).unwrap();
        let piece = vec![0; 1024];
        let mut sent = 0;
        while queue.0.try_send(1, [&piece, b""]).unwrap() {
            sent += 1;
            assert!(sent * 1024 <= room, "more went in than the queue holds");
        }
        assert_eq!(queue.0.try_receive(0, &mut Vec::new()).unwrap(), Some(1));
        assert!(queue.0.try_send(1, [&piece, b""]).unwrap());
    }

    #[test]
    fn a_key_finds_the_same_queue_again_until_it_is_removed() {
        let file = std::env::temp_dir().join(format!("swoole-ftok-{}", std::process::id()));
        std::fs::write(&file, b"").unwrap();
        let key = ftok(&file, 1).unwrap();
        std::fs::remove_file(&file).unwrap();
        let queue = Private(MessageQueue::open(key).unwrap());
        assert_eq!(MessageQueue::open(key).unwrap(), queue.0);
        queue.0.remove().unwrap();
        assert!(queue.0.try_send(1, [b"", b""]).is_err());
        assert!(ftok(&file, 1).is_err(), "the file is gone");
    }
}
