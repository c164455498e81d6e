//! Every procedure that ships, read from its folder.

use redress_domain::{
    check::{Files, files_name, load},
    decide::Targets,
    procedure::Edition,
};
use std::sync::LazyLock;

/// No institution has set anything.
pub static TARGETS: Targets = Targets::new();

/// Every procedure that ships.
pub static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| {
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../procedures");
    // Whoever writes a procedure walks a folder of their own.
    let top = std::env::var("REDRESS_PROCEDURES").unwrap_or_else(|_| ours.to_owned());
    let files = |prefix: &str, folder: String| -> Vec<(String, String)> {
        let mut all: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|e| e.expect("an entry"))
            .filter(|e| e.path().is_file())
            .map(|e| {
                let text = std::fs::read_to_string(e.path()).expect("a file of ours");
                (format!("{prefix}{}", e.file_name().to_string_lossy()), text)
            })
            .collect();
        all.sort();
        all
    };
    let mut folders: Vec<_> = std::fs::read_dir(&top)
        .expect("a folder of ours")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.join("procedure.toml").exists())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|f| f.display())
        .map(|folder| {
            let mut own = files("", folder.to_string());
            let mut forms = files("forms/", format!("{top}/shared/forms"));
            forms.extend(files("forms/", format!("{folder}/forms")));
            let files = Files {
                procedure: own.pop().expect("the procedure"),
                shared: files("shared/", format!("{top}/shared")),
                forms,
            };
            assert_eq!(files.procedure.0, files_name::PROCEDURE);
            load(&files).unwrap_or_else(|problems| panic!("{folder}: {problems:#?}"))
        })
        .collect()
});
