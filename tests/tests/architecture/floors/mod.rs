//! Rooms and floors inside a crate, read from its source.
//!
//! A room is a module at the top of `src`: a file, or a file with its folder. The arrows are the paths that the source
//! names (`use crate::…`, `crate::…`, `super::…`), followed through re-exports to the file that defines what is meant.
//! What stands under `#[cfg(test)]` is left out.

mod source;

use source::Source;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// A module: its file, and what its names stand for.
struct Module {
    file: PathBuf,
    parent: Option<usize>,
    /// Compiled for several parents by `#[path]`: what it takes from above is given to it, and no arrow.
    included: bool,
    children: BTreeMap<String, usize>,
    source: Source,
}

/// Every module of a crate, the root first.
pub struct Crate {
    src: PathBuf,
    modules: Vec<Module>,
}

impl Crate {
    /// Reads a crate from its `src` folder.
    pub fn read(src: &Path) -> Self {
        let mut all = Self {
            src: src.to_owned(),
            modules: vec![],
        };
        all.module(&src.join("lib.rs"), None, false);
        all
    }

    fn module(&mut self, file: &Path, parent: Option<usize>, included: bool) -> usize {
        let text = std::fs::read_to_string(file).expect("a source file");
        let source = Source::of(&text);
        let below = source.modules.clone();
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            included,
            children: BTreeMap::new(),
            source,
        });
        let folder = file.parent().expect("a folder");
        let stem = file.file_stem().and_then(|s| s.to_str()).expect("a name");
        let inside = match stem {
            "lib" | "mod" => folder.to_owned(),
            _ => folder.join(stem),
        };
        for (name, path) in below {
            let child = match &path {
                Some(path) => folder.join(path),
                None => [
                    inside.join(format!("{name}.rs")),
                    inside.join(&name).join("mod.rs"),
                ]
                .into_iter()
                .find(|f| f.exists())
                .unwrap_or_else(|| panic!("{}: mod {name}", file.display())),
            };
            let child = self.module(&child, Some(id), path.is_some());
            self.modules[id].children.insert(name, child);
        }
        id
    }

    /// The file that defines what a path means where it is written; none outside the crate.
    fn resolve(&self, at: usize, path: &[String], depth: usize) -> Option<usize> {
        if depth > 8 {
            return None;
        }
        let mut here = at;
        for (n, name) in path.iter().enumerate() {
            let module = &self.modules[here];
            here = match name.as_str() {
                "crate" if n == 0 => 0,
                "self" => here,
                "super" if module.included => return None,
                "super" => module.parent?,
                name => match (module.children.get(name), module.source.uses.get(name)) {
                    (Some(child), _) => *child,
                    (None, Some(meant)) => {
                        let whole: Vec<String> =
                            meant.iter().chain(&path[n + 1..]).cloned().collect();
                        // A name that stands for itself is one of another crate.
                        let own = meant.first() != Some(&name.to_owned());
                        return own.then(|| self.resolve(here, &whole, depth + 1)).flatten();
                    }
                    // The first name of a path is a crate's, unless the module knows it.
                    (None, None) if n == 0 => return None,
                    (None, None) => return Some(here),
                },
            };
        }
        Some(here)
    }

    fn name(&self, module: usize) -> String {
        let file = self.modules[module].file.strip_prefix(&self.src);
        file.expect("below src").to_string_lossy().into_owned()
    }

    fn room(&self, module: usize) -> String {
        let name = self.name(module);
        let first = name.split('/').next().expect("a name");
        first.trim_end_matches(".rs").to_owned()
    }

    /// Every room, the crate's own file apart.
    pub fn rooms(&self) -> BTreeSet<String> {
        (1..self.modules.len()).map(|m| self.room(m)).collect()
    }

    /// Arrows between files of different rooms: from, to, each with its room. The crate's own file names everything, and
    /// is no room.
    pub fn arrows(&self) -> BTreeSet<[(String, String); 2]> {
        let end = |m: usize| (self.room(m), self.name(m));
        let mut all = BTreeSet::new();
        for from in 1..self.modules.len() {
            let paths = self.modules[from].source.paths.iter();
            for to in paths.filter_map(|path| self.resolve(from, path, 0)) {
                if self.room(from) != self.room(to) {
                    all.insert([end(from), end(to)]);
                }
            }
        }
        all
    }

    /// Blocks of methods that stand in another room than their type: file, its room, the type's room. Calls of such
    /// methods are arrows that no path shows.
    pub fn strange_methods(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for at in 1..self.modules.len() {
            for name in &self.modules[at].source.impls {
                let home = self.resolve(at, name, 0);
                if let Some(home) = home.filter(|home| self.room(*home) != self.room(at)) {
                    let said = format!("{}: impl {}", self.name(at), name.join("::"));
                    all.push((said, self.room(at), self.room(home)));
                }
            }
        }
        all
    }
}

/// Holds a crate against its floors, from top to bottom, and says what is wrong: each room is named once, knows only
/// what stands below it, and keeps the methods of its own types. Rooms that are named together count as one.
pub fn hold(krate: &Crate, floors: &[&str]) -> Vec<String> {
    let floor = |room: &str| floors.iter().position(|f| f.split(' ').any(|r| r == room));
    let named: Vec<&str> = floors.iter().flat_map(|f| f.split(' ')).collect();
    let there = krate.rooms();
    let mut wrong: Vec<String> = there
        .iter()
        .filter(|room| !named.contains(&room.as_str()))
        .map(|room| format!("{room} has no floor"))
        .collect();
    let gone = named.iter().filter(|room| !there.contains(**room));
    wrong.extend(gone.map(|room| format!("{room} is no room")));
    for [(room, file), (below, meant)] in krate.arrows() {
        // The crate's own file is no room, and stands above all: what it defines nobody may know.
        let down = matches!((floor(&room), floor(&below)), (Some(a), Some(b)) if a <= b);
        if !down {
            wrong.push(format!("{file} must not know {meant}"));
        }
    }
    for (said, room, home) in krate.strange_methods() {
        if floor(&room) != floor(&home) {
            wrong.push(said);
        }
    }
    wrong
}
