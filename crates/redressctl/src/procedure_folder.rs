//! A procedure's folder on disk: its own files, and the shared ones beside it.

use std::{io, path::Path};

type Files = Vec<(String, String)>;

/// `FOLDER/procedure.toml`, `FOLDER/forms/`, and `shared/` in it or beside it.
pub fn read(folder: &Path) -> io::Result<Files> {
    let mut files = vec![(
        "procedure.toml".to_owned(),
        std::fs::read_to_string(folder.join("procedure.toml"))?,
    )];
    add(&mut files, "forms/", &folder.join("forms"))?;
    for shared in [folder.join("shared"), folder.join("../shared")] {
        add(&mut files, "forms/", &shared.join("forms"))?;
        add(&mut files, "shared/", &shared)?;
    }
    Ok(files)
}

/// Every procedure below a folder.
pub fn read_all(top: &Path) -> io::Result<Vec<Files>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(top)? {
        let folder = entry?.path();
        if folder.join("procedure.toml").exists() {
            all.push(read(&folder)?);
        }
    }
    Ok(all)
}

fn add(files: &mut Files, prefix: &str, folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((format!("{prefix}{name}"), std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
