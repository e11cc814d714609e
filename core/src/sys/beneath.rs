//! Opening files below a directory, and nowhere else.

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, openat2, statat};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

/// A directory out of which no path leads: neither `..` nor a symbolic link.
#[derive(Debug)]
pub struct Directory {
    file: File,
    path: PathBuf,
}

impl Directory {
    /// Opens it. Errors: it does not exist, or is no directory.
    pub fn open(path: &Path) -> io::Result<Directory> {
        let path = path.canonicalize()?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let file = rustix::fs::open(&path, flags, Mode::empty())?.into();
        Ok(Directory { file, path })
    }

    /// Its path, without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file or directory below it for reading. Errors: EXDEV: the path leads out of the directory; those of openat2(2).
    pub fn open_below(&self, relative: &Path) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        for _ in 0..16 {
            match openat2(self.file.as_fd(), relative, flags, Mode::empty(), resolve) {
                Ok(file) => return Ok(file.into()),
                // Something was renamed meanwhile, and the kernel does not know whether that mattered.
                Err(Errno::AGAIN) => {}
                Err(Errno::NOSYS | Errno::PERM) => return self.open_by_path(relative),
                Err(e) => return Err(e.into()),
            }
        }
        Err(Errno::AGAIN.into())
    }

    /// For kernels without openat2: by the path that all links lead to.
    fn open_by_path(&self, relative: &Path) -> io::Result<File> {
        let path = self.path.join(relative).canonicalize()?;
        if !path.starts_with(&self.path) {
            return Err(Errno::XDEV.into());
        }
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
        Ok(rustix::fs::open(&path, flags, Mode::empty())?.into())
    }
}

/// The entries of a directory that was opened, and of no other that its path leads to meanwhile: names, and whether they are directories. Errors: it is none.
pub fn entries(directory: &File) -> io::Result<impl Iterator<Item = io::Result<(Vec<u8>, bool)>> + '_> {
    let found = Dir::read_from(directory)?;
    Ok(found.map(move |entry| {
        let entry = entry?;
        let kind = match entry.file_type() {
            // Some file systems do not say.
            FileType::Unknown => statat(directory, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileType::Unknown, |about| FileType::from_raw_mode(about.st_mode)),
            kind => kind,
        };
        Ok((entry.file_name().to_bytes().to_vec(), kind.is_dir()))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_opened() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(outer.path().join("secret"), "no").unwrap();
        std::fs::write(root.join("sub/page"), "yes").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("relative")).unwrap();
        std::os::unix::fs::symlink(outer.path().join("secret"), root.join("absolute")).unwrap();
        std::os::unix::fs::symlink("sub/page", root.join("inside")).unwrap();
        let directory = Directory::open(&root).unwrap();
        for by_path in [false, true] {
            let open = |path: &str| match by_path {
                true => directory.open_by_path(path.as_ref()),
                false => directory.open_below(path.as_ref()),
            };
            for path in ["../secret", "relative", "absolute", "sub/../../secret", "missing"] {
                assert!(open(path).is_err(), "{path}");
            }
            for path in ["sub/page", "inside", "sub/../sub/page", "."] {
                assert!(open(path).is_ok(), "{path}");
            }
        }
    }

    #[test]
    fn what_is_listed_is_what_was_opened() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        std::fs::create_dir_all(root.join("sub/deep")).unwrap();
        std::fs::write(root.join("sub/page"), "yes").unwrap();
        let sub = Directory::open(&root).unwrap().open_below("sub".as_ref()).unwrap();
        std::fs::rename(root.join("sub"), root.join("old")).unwrap();
        std::os::unix::fs::symlink(outer.path(), root.join("sub")).unwrap();
        let mut found: Vec<_> =
            entries(&sub).unwrap().map(Result::unwrap).filter(|(name, _)| name[0] != b'.').collect();
        found.sort();
        assert_eq!(found, [(b"deep".to_vec(), true), (b"page".to_vec(), false)]);
    }
}
