//! A PostgreSQL server of the test's own: in a folder of its own, on a socket there, gone when the process is gone.
//!
//! A shell stands between: it holds the server and reads from a pipe whose other end only this process has. When
//! this process ends, however it ends, the shell stops the server and removes the folder.

use std::{
    fs::{File, create_dir_all},
    io::{BufRead, BufReader, Error, Result, Write},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

const HOLD: &str = r#"
$AS "$BIN/postgres" -D "$DIR/data" -k "$DIR" -c listen_addresses= -c max_connections=200 \
    -c dynamic_shared_memory_type=mmap -c logging_collector=off $MORE >"$DIR/log" 2>&1 &
server=$!
until "$BIN/pg_isready" -q -h "$DIR" || ! kill -0 $server 2>/dev/null; do sleep 0.05; done
echo ready
if read -r word; then keep=1; else keep=; word=stop; fi
if [ $word = crash ]; then signal=QUIT; else signal=INT; fi
kill -$signal $server 2>/dev/null
wait $server
[ -n "$keep" ] || rm -rf "$DIR"
"#;

/// Nothing of a test outlives its machine.
const FAST: &str = "-c fsync=off";

/// A server.
pub struct Server {
    dir: PathBuf,
    /// Settings besides those that every server has.
    more: &'static str,
    running: Option<(Child, ChildStdin)>,
    databases: AtomicUsize,
}

/// PostgreSQL's programs of the newest version that is installed.
fn programs() -> Result<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")?
        .filter_map(|e| Some(e.ok()?.path().join("bin")))
        .filter(|p| p.join("initdb").exists())
        .collect();
    all.sort();
    all.pop()
        .ok_or_else(|| Error::other("PostgreSQL is missing: apt-get install postgresql"))
}

fn number(flag: &str, user: &[&str]) -> Result<u32> {
    let out = Command::new("id").arg(flag).args(user).output()?;
    String::from_utf8_lossy(&out.stdout)
        .trim()
        .parse()
        .map_err(Error::other)
}

/// The server refuses to run as root; then it runs as the user that its package made.
fn other_user() -> Result<Option<(u32, u32)>> {
    if number("-u", &[])? != 0 {
        return Ok(None);
    }
    Ok(Some((
        number("-u", &["postgres"])?,
        number("-g", &["postgres"])?,
    )))
}

fn as_user() -> Result<String> {
    Ok(other_user()?.map_or_else(String::new, |(uid, gid)| {
        format!("setpriv --reuid={uid} --regid={gid} --clear-groups")
    }))
}

fn own(dir: &Path) -> Result<()> {
    match other_user()? {
        Some((uid, gid)) => chown(dir, Some(uid), Some(gid)),
        None => Ok(()),
    }
}

fn run(line: &str, arguments: &[&Path]) -> Result<()> {
    let out = Command::new("sh")
        .arg("-c")
        .arg(line)
        .arg("sh")
        .args(arguments)
        .current_dir("/")
        .output()?;
    if out.status.success() {
        return Ok(());
    }
    Err(Error::other(
        String::from_utf8_lossy(&out.stderr).into_owned(),
    ))
}

/// An empty cluster, made once on this machine and copied for every server.
fn template(bin: &Path) -> Result<PathBuf> {
    let version = bin.parent().and_then(Path::file_name).unwrap_or_default();
    let name = format!(
        "redress-test-{}-{}",
        version.to_string_lossy(),
        number("-u", &[])?
    );
    let dir = std::env::temp_dir().join(name);
    create_dir_all(&dir)?;
    own(&dir)?;
    let lock = File::create(dir.join("lock"))?;
    lock.lock()?;
    if !dir.join("made").exists() {
        let line = format!(
            "rm -rf \"$2/data\" && {} \"$1/initdb\" -D \"$2/data\" -U postgres -A trust -E UTF8 --locale=C --no-sync \
             --wal-segsize=1 >/dev/null && touch \"$2/made\"",
            as_user()?
        );
        run(&line, &[bin, &dir])?;
    }
    Ok(dir.join("data"))
}

impl Server {
    /// The server of this process.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::new().expect("a PostgreSQL server"))
    }

    /// Starts a server in a new folder.
    pub fn new() -> Result<Self> {
        Self::with(FAST, |dir| {
            run("cp -a \"$1\" \"$2/data\"", &[&template(&programs()?)?, dir])
        })
    }

    /// One whose commits are on its disk.
    pub fn lasting() -> Result<Self> {
        Self::with("", |dir| {
            run("cp -a \"$1\" \"$2/data\"", &[&template(&programs()?)?, dir])
        })
    }

    /// One that answers a commit when the commit is on disk at a standby too.
    pub fn durable() -> Result<Self> {
        Self::with("-c synchronous_standby_names=*", |dir| {
            run("cp -a \"$1\" \"$2/data\"", &[&template(&programs()?)?, dir])
        })
    }

    /// A standby that follows this server.
    pub fn standby(&self) -> Result<Self> {
        let line = format!(
            "{} \"$1/pg_basebackup\" -h \"$2\" -U postgres -D \"$3/data\" -R -X stream -c fast",
            as_user()?
        );
        Self::with("-c hot_standby=on", |dir| {
            run(&line, &[&programs()?, &self.dir, dir])
        })
    }

    fn with(more: &'static str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("redress-pg-")
            .tempdir()?
            .keep();
        own(&dir)?;
        fill(&dir)?;
        let mut server = Self {
            dir,
            more,
            running: None,
            databases: AtomicUsize::new(0),
        };
        server.start()?;
        Ok(server)
    }

    /// Starts it where it was stopped.
    pub fn start(&mut self) -> Result<()> {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(HOLD)
            .env("AS", as_user()?)
            .env("BIN", programs()?)
            .env("DIR", &self.dir)
            .env("MORE", self.more)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut shell = shell.spawn()?;
        let (stdin, stdout) = (shell.stdin.take(), shell.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            return Err(Error::other("no pipe"));
        };
        BufReader::new(stdout).read_line(&mut String::new())?;
        self.running = Some((shell, stdin));
        Ok(())
    }

    /// Stops it; connections break off.
    pub fn stop(&mut self) -> Result<()> {
        self.end(b"stop\n")
    }

    /// Lets it fall without writing anything more.
    pub fn crash(&mut self) -> Result<()> {
        self.end(b"crash\n")
    }

    fn end(&mut self, how: &[u8]) -> Result<()> {
        if let Some((mut shell, mut stdin)) = self.running.take() {
            stdin.write_all(how)?;
            shell.wait()?;
        }
        Ok(())
    }

    /// The address of a database for a role; nobody needs a password here.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!(
            "postgres://{role}@localhost/{database}?host={}",
            self.dir.display()
        )
    }

    /// A name for a new database.
    pub fn name(&self) -> String {
        format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match self.running.take() {
            Some((mut shell, stdin)) => {
                drop(stdin);
                let _ = shell.wait();
            }
            None => {
                let _ = std::fs::remove_dir_all(&self.dir);
            }
        }
    }
}
