//! A procedure's folder on disk: its own files, and the shared ones beside it.

use crate::{files, stop::Stop};
use std::path::{Path, PathBuf};

type Files = Vec<(String, String)>;

/// `FOLDER/procedure.toml`, `FOLDER/forms/`, and `shared/` in it or beside it.
pub fn read(folder: &Path) -> Result<Files, Stop> {
    let whole = files::text(&folder.join("procedure.toml"))?;
    let mut own = vec![("procedure.toml".to_owned(), whole)];
    add(&mut own, "forms/", &folder.join("forms"))?;
    for shared in [folder.join("shared"), folder.join("../shared")] {
        add(&mut own, "forms/", &shared.join("forms"))?;
        add(&mut own, "shared/", &shared)?;
    }
    Ok(own)
}

/// Every procedure below a folder.
pub fn read_all(top: &Path) -> Result<Vec<Files>, Stop> {
    let mut all = Vec::new();
    for folder in inside(top)? {
        if folder.join("procedure.toml").exists() {
            all.push(read(&folder)?);
        }
    }
    Ok(all)
}

fn add(own: &mut Files, prefix: &str, folder: &Path) -> Result<(), Stop> {
    if !folder.is_dir() {
        return Ok(());
    }
    for path in inside(folder)? {
        let name = path
            .file_name()
            .filter(|_| path.extension().is_some_and(|e| e == "toml"));
        if let Some(name) = name {
            let name = format!("{prefix}{}", name.to_string_lossy());
            own.push((name, files::text(&path)?));
        }
    }
    Ok(())
}

/// What lies in a folder.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let all = std::fs::read_dir(folder).and_then(|all| all.collect::<Result<Vec<_>, _>>());
    let all = all.map_err(files::of(folder))?;
    Ok(all.into_iter().map(|entry| entry.path()).collect())
}
