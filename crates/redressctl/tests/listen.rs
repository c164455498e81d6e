//! A host that listens on this machine alone opens nothing else.
#![cfg(target_os = "linux")]

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A started host, which ends with the test.
struct Host(Child);

impl Drop for Host {
    fn drop(&mut self) {
        // One that has ended already is as dead.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn host(listen: &str) -> std::io::Result<(Host, tempfile::TempDir)> {
    let folder = tempfile::TempDir::new()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_redressctl"))
        .arg("serve")
        .arg(folder.path().join("office"))
        .args(["--listen", listen])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().map(BufReader::new);
    let host = Host(child);
    let said = out.and_then(|o| o.lines().next()).transpose()?;
    let said = said.unwrap_or_default();
    assert!(said.contains("listening"), "{said}");
    // What it opens besides is opened soon after it has said so.
    std::thread::sleep(std::time::Duration::from_secs(2));
    Ok((host, folder))
}

/// The sockets of a process, by inode.
fn own(process: u32) -> std::io::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(format!("/proc/{process}/fd"))? {
        let Ok(to) = std::fs::read_link(entry?.path()) else {
            continue;
        };
        let to = to.to_string_lossy().into_owned();
        if let Some(inode) = to
            .strip_prefix("socket:[")
            .and_then(|t| t.strip_suffix(']'))
        {
            all.insert(inode.to_owned());
        }
    }
    Ok(all)
}

/// The process's sockets of a table of the kernel: local address and state.
fn opened(process: u32, table: &str) -> std::io::Result<Vec<(String, String)>> {
    let own = own(process)?;
    let text = std::fs::read_to_string(format!("/proc/{process}/net/{table}"))?;
    let line = |l: &str| {
        let words: Vec<&str> = l.split_whitespace().collect();
        let inode = *words.get(9)?;
        own.contains(inode)
            .then(|| (words[1].to_owned(), words[3].to_owned()))
    };
    Ok(text.lines().skip(1).filter_map(line).collect())
}

#[test]
fn a_host_of_this_machine_alone_opens_one_port() -> std::io::Result<()> {
    let (host, _folder) = host("127.0.0.1:0")?;
    let process = host.0.id();
    for table in ["udp", "udp6", "raw", "raw6"] {
        assert_eq!(opened(process, table)?, [], "{table}");
    }
    const LISTENS: &str = "0A";
    let mut all = opened(process, "tcp")?;
    all.extend(opened(process, "tcp6")?);
    all.retain(|(_, state)| state == LISTENS);
    let [(address, _)] = &all[..] else {
        panic!("{all:?}");
    };
    assert!(address.starts_with("0100007F:"), "{address}");
    Ok(())
}

/// The same look at a host for others sees its mDNS: it would see it where it should not be.
#[test]
fn a_host_for_others_says_that_it_is_there() -> std::io::Result<()> {
    let (host, _folder) = host("0.0.0.0:0")?;
    let udp = opened(host.0.id(), "udp")?;
    assert!(!udp.is_empty(), "no mDNS");
    Ok(())
}
