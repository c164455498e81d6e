//! Files and folders that belong to the account that runs the program, and to nobody else.
//!
//! They are made so, whatever the umask is: nobody reads what is in them between their making and a later change.
//! On Windows the rights stand on the folder and are inherited by what is made in it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

/// Makes a folder, and those above it that are missing; the folder itself is private, also where it was there already.
///
/// # Errors
/// Where it cannot be made, or somebody else owns it.
pub fn folder(path: &Path) -> io::Result<()> {
    if system::make(path)? {
        return Ok(());
    }
    system::close(path).map(drop)
}

/// Makes a private folder where there is none; one that is there keeps its rights, since it may be everybody's.
///
/// # Errors
/// Where it cannot be made.
pub fn new_folder(path: &Path) -> io::Result<()> {
    system::make(path).map(drop)
}

/// Options for a file that is made private. A file that is there already keeps its rights: see [`mend`].
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    system::only_mine(&mut options);
    options
}

/// A new file; one that is there already is refused.
///
/// # Errors
/// `AlreadyExists`, or where it cannot be made.
pub fn create_new(path: &Path) -> io::Result<File> {
    options().write(true).create_new(true).open(path)
}

/// Writes a file whole, or leaves the one that was there: written beside it, brought to the disk, and put in its place.
///
/// # Errors
/// Where it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes, |part| std::fs::rename(part, path))?;
    settle(path.parent().unwrap_or(path));
    Ok(())
}

/// Writes the bytes beside their place, brings them to the disk and puts them there; what fails leaves nothing.
fn beside(path: &Path, bytes: &[u8], put: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let named = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut name = named.to_owned();
    name.push(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let part = path.with_file_name(name);
    let written = (|| {
        let mut file = create_new(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        put(&part)
    })();
    if written.is_err() {
        // Of two errors the first one counts.
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// Gives a file that was written beside its place its name; one that is there already keeps it.
///
/// # Errors
/// `AlreadyExists`, or where it cannot be put there.
pub fn put_new(part: &Path, path: &Path) -> io::Result<()> {
    let there = || io::Error::from(io::ErrorKind::AlreadyExists);
    match std::fs::hard_link(part, path) {
        Ok(()) => std::fs::remove_file(part)?,
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(e),
        // A stick that knows no second name for a file.
        Err(_) if path.symlink_metadata().is_ok() => return Err(there()),
        Err(_) => std::fs::rename(part, path)?,
    }
    settle(path.parent().unwrap_or(path));
    Ok(())
}

/// Writes a new file whole, or leaves nothing; one that is there already is left as it is.
///
/// # Errors
/// `AlreadyExists`, or where it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes, |part| put_new(part, path))
}

/// Brings to the disk which files a folder holds. Not every system can; the files themselves are there all the same.
pub fn settle(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Closes a folder and everything in it to others, and answers how many of them had been open; links are left as they
/// are, since what they point to lies elsewhere.
///
/// # Errors
/// Where somebody else owns it.
pub fn mend(folder: &Path) -> io::Result<usize> {
    system::mend(folder)
}

/// Mends a folder and says so on standard error where there was something to mend.
pub fn mend_and_say(folder: &Path) {
    let said = match mend(folder) {
        Ok(0) => return,
        Ok(n) => format!(
            "{}: others could open {n} files or folders; now this account alone can",
            folder.display()
        ),
        Err(e) => format!("{}: others may read it: {e}", folder.display()),
    };
    // A program without a terminal has nobody to tell.
    let _ = writeln!(io::stderr(), "{said}");
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{DirBuilder, OpenOptions, Permissions},
        io,
        os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
        path::Path,
    };

    /// What the group and others may.
    const OTHERS: u32 = 0o077;

    pub fn only_mine(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Answers whether it was made.
    pub fn make(path: &Path) -> io::Result<bool> {
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above)?;
        }
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => Ok(true),
            Err(_) if path.is_dir() => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Answers whether it had been open to others.
    pub fn close(path: &Path) -> io::Result<bool> {
        let found = std::fs::symlink_metadata(path)?;
        let mode = found.permissions().mode();
        if found.is_symlink() || mode & OTHERS == 0 {
            return Ok(false);
        }
        std::fs::set_permissions(path, Permissions::from_mode(mode & 0o7777 & !OTHERS))?;
        Ok(true)
    }

    pub fn mend(folder: &Path) -> io::Result<usize> {
        // The folder first: from then on nobody reaches what is in it.
        let mut mended = usize::from(close(folder)?);
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            mended += if entry.file_type()?.is_dir() {
                mend(&entry.path())?
            } else {
                usize::from(close(&entry.path())?)
            };
        }
        Ok(mended)
    }
}

#[cfg(windows)]
mod windows {
    use std::{
        fs::OpenOptions,
        io,
        path::{Path, PathBuf},
        process::{Command, Output},
    };

    /// The system and its administrators; by number, since their names are other ones in other languages.
    const SYSTEM: &str = "*S-1-5-18:(OI)(CI)F";
    const ADMINISTRATORS: &str = "*S-1-5-32-544:(OI)(CI)F";
    /// How icacls marks a right that comes from the folder above.
    const INHERITED: &str = "(I)";

    pub fn only_mine(_: &mut OpenOptions) {
        // A file gets the rights of its folder.
    }

    /// Answers whether it was made.
    pub fn make(path: &Path) -> io::Result<bool> {
        if path.is_dir() {
            return Ok(false);
        }
        std::fs::create_dir_all(path)?;
        close(path)?;
        Ok(true)
    }

    fn tool(name: &str) -> PathBuf {
        let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
        PathBuf::from(root).join("System32").join(name)
    }

    fn run(command: &mut Command) -> io::Result<Output> {
        let done = command.output()?;
        match done.status.success() {
            true => Ok(done),
            false => Err(io::Error::other(format!("{command:?}: {}", done.status))),
        }
    }

    /// The account that runs the program, as icacls takes it.
    fn me() -> io::Result<String> {
        let said = run(Command::new(tool("whoami.exe")).args(["/user", "/fo", "csv", "/nh"]))?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let sid = said.split('"').find(|part| part.starts_with("S-1-"));
        let sid = sid.ok_or_else(|| io::Error::other("whoami names no account"))?;
        Ok(format!("*{sid}:(OI)(CI)F"))
    }

    /// Answers whether it had been open to others: whether rights come from above.
    pub fn close(path: &Path) -> io::Result<bool> {
        let found = run(Command::new(tool("icacls.exe")).arg(path))?;
        if !String::from_utf8_lossy(&found.stdout).contains(INHERITED) {
            return Ok(false);
        }
        let rights = [SYSTEM.to_owned(), ADMINISTRATORS.to_owned(), me()?];
        let mut icacls = Command::new(tool("icacls.exe"));
        run(icacls
            .arg(path)
            .args(["/inheritance:r", "/grant:r"])
            .args(rights))?;
        Ok(true)
    }

    /// What lies in the folder inherits from it.
    pub fn mend(folder: &Path) -> io::Result<usize> {
        close(folder).map(usize::from)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        let found = std::fs::metadata(path).expect("it is there");
        found.permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_nobody_elses() {
        let top = tempfile::TempDir::new().expect("a folder");
        let made = top.path().join("a/office");
        folder(&made).expect("made");
        assert_eq!(mode(&made), 0o700);
        write(&made.join("secret"), b"1").expect("written");
        write(&made.join("secret"), b"2").expect("written again");
        assert_eq!(mode(&made.join("secret")), 0o600);
        let names = std::fs::read_dir(&made).expect("read").count();
        assert_eq!(names, 1, "no part is left");
    }

    #[test]
    fn what_was_open_to_others_is_mended_and_links_are_left() {
        let top = tempfile::TempDir::new().expect("a folder");
        let (office, other) = (top.path().join("office"), top.path().join("elsewhere"));
        std::fs::create_dir_all(office.join("host")).expect("made");
        for path in [&other, &office.join("a"), &office.join("host/key")] {
            std::fs::write(path, "x").expect("written");
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("set");
        }
        for path in [&office, &office.join("host")] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("set");
        }
        std::os::unix::fs::symlink(&other, office.join("link")).expect("linked");
        assert_eq!(mend(&office).expect("mended"), 4);
        assert_eq!(mend(&office).expect("mended"), 0, "once is enough");
        assert_eq!(mode(&office.join("host/key")), 0o600);
        assert_eq!(mode(&office.join("host")), 0o700);
        assert_eq!(mode(&other), 0o644, "what a link points to is not ours");
    }
}
