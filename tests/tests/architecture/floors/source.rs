//! What one source file names: its modules, what it imports, every path, every block of methods.

use std::collections::BTreeMap;

/// A file as far as arrows go.
#[derive(Debug, Default)]
pub struct Source {
    /// Modules in files of their own, each with its `#[path]` where it has one.
    pub modules: Vec<(String, Option<String>)>,
    /// What an imported name stands for.
    pub uses: BTreeMap<String, Vec<String>>,
    /// Every path, imported or written out.
    pub paths: Vec<Vec<String>>,
    /// Types that have methods here (`impl Name`, no trait).
    pub impls: Vec<Vec<String>>,
}

/// A word, a text in quotation marks, or a sign.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
    Path,
}

/// Words and signs; comments are left out.
fn tokens(text: &str) -> Vec<Token> {
    let all: Vec<char> = text.chars().collect();
    let at = |n: usize| all.get(n).copied().unwrap_or('\0');
    let (mut out, mut n) = (vec![], 0);
    while n < all.len() {
        let c = all[n];
        if c == '/' && at(n + 1) == '/' {
            while n < all.len() && all[n] != '\n' {
                n += 1;
            }
        } else if c == '/' && at(n + 1) == '*' {
            n += 2;
            while n < all.len() && !(all[n] == '*' && at(n + 1) == '/') {
                n += 1;
            }
            n += 2;
        } else if c == 'r' && (at(n + 1) == '"' || (at(n + 1) == '#' && at(n + 2) == '"')) {
            let hash = at(n + 1) == '#';
            n += if hash { 3 } else { 2 };
            while n < all.len() && !(all[n] == '"' && (!hash || at(n + 1) == '#')) {
                n += 1;
            }
            n += if hash { 2 } else { 1 };
        } else if c == '"' {
            let mut inside = String::new();
            n += 1;
            while n < all.len() && all[n] != '"' {
                n += usize::from(all[n] == '\\');
                inside.push(at(n));
                n += 1;
            }
            n += 1;
            out.push(Token::Text(inside));
        } else if c == '\'' && (at(n + 2) == '\'' || at(n + 1) == '\\') {
            // A character; a lifetime has no second mark.
            n += if at(n + 1) == '\\' { 3 } else { 2 };
            while n < all.len() && all[n] != '\'' {
                n += 1;
            }
            n += 1;
        } else if c.is_alphanumeric() || c == '_' {
            let start = n;
            while at(n).is_alphanumeric() || at(n) == '_' {
                n += 1;
            }
            out.push(Token::Word(all[start..n].iter().collect()));
        } else if c == ':' && at(n + 1) == ':' {
            out.push(Token::Path);
            n += 2;
        } else {
            if !c.is_whitespace() {
                out.push(Token::Sign(c));
            }
            n += 1;
        }
    }
    out
}

/// The place after the item that begins here: after its block, or its semicolon.
fn after(all: &[Token], mut n: usize) -> usize {
    let mut depth = 0_i32;
    while let Some(token) = all.get(n) {
        n += 1;
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(')' | ']') => depth -= 1,
            Token::Sign('}') => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Token::Sign(';') if depth == 0 => break,
            _ => {}
        }
    }
    n
}

/// The same without what is compiled for tests alone.
fn shipped(all: Vec<Token>) -> Vec<Token> {
    let word = |w: &str| Token::Word(w.to_owned());
    let cfg = [
        Token::Sign('#'),
        Token::Sign('['),
        word("cfg"),
        Token::Sign('('),
        word("test"),
        Token::Sign(')'),
        Token::Sign(']'),
    ];
    let (mut out, mut n) = (vec![], 0);
    while n < all.len() {
        if all[n..].starts_with(&cfg) {
            n = after(&all, n + cfg.len());
        } else {
            out.push(all[n].clone());
            n += 1;
        }
    }
    out
}

impl Source {
    /// Reads a file.
    pub fn of(text: &str) -> Self {
        let all = shipped(tokens(text));
        let mut out = Self::default();
        let (mut n, mut inside) = (0, 0);
        while n < all.len() {
            let known = out.paths.len();
            let within = n < inside;
            let word = match &all[n] {
                Token::Word(w) => w.as_str(),
                _ => "",
            };
            match word {
                "mod" => {
                    if let (Some(Token::Word(name)), Some(Token::Sign(';'))) =
                        (all.get(n + 1), all.get(n + 2))
                    {
                        out.modules.push((name.clone(), path_before(&all[..n])));
                    } else {
                        inside = inside.max(after(&all, n));
                    }
                    n += 1;
                }
                "use" => n = out.import(&all, n + 1),
                "impl" => {
                    let before = n.checked_sub(1).map(|n| &all[n]);
                    // Elsewhere it is a type: `of: &impl Iterator`.
                    if matches!(before, None | Some(Token::Sign('{' | '}' | ';' | ']'))) {
                        out.impls.extend(type_of(&all[n + 1..]));
                    }
                    n += 1;
                }
                "" => n += 1,
                _ => n = out.path(&all, n),
            }
            // Above a module that is written out stands this file.
            for path in out.paths[known..].iter_mut().filter(|_| within) {
                if path.first().is_some_and(|w| w == "super") {
                    "self".clone_into(&mut path[0]);
                }
            }
        }
        out
    }

    /// `use` with its tree.
    fn import(&mut self, all: &[Token], n: usize) -> usize {
        let end = after(all, n);
        let tree: Vec<&Token> = all[n..end].iter().collect();
        let mut at = 0;
        self.tree(&tree, &mut at, &[]);
        end
    }

    fn tree(&mut self, all: &[&Token], n: &mut usize, above: &[String]) {
        let mut path = above.to_vec();
        while let Some(token) = all.get(*n) {
            *n += 1;
            match token {
                Token::Word(w) if w == "as" => {
                    if let Some(Token::Word(name)) = all.get(*n) {
                        self.imported(name.clone(), path.clone());
                        path = above.to_vec();
                        *n += 1;
                    }
                }
                Token::Word(w) => path.push(w.clone()),
                Token::Sign('{') => {
                    self.tree(all, n, &path);
                    path = above.to_vec();
                }
                Token::Sign(end @ (',' | '}' | ';')) => {
                    if path.len() > above.len() {
                        if path.last().is_some_and(|w| w == "self") {
                            path.pop();
                        }
                        self.imported(path.last().cloned().expect("a name"), path.clone());
                    }
                    path = above.to_vec();
                    if *end != ',' {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn imported(&mut self, name: String, mut path: Vec<String>) {
        if path.last().is_some_and(|w| w == "self") {
            path.pop();
        }
        self.paths.push(path.clone());
        self.uses.insert(name, path);
    }

    /// A path that is written out.
    fn path(&mut self, all: &[Token], mut n: usize) -> usize {
        let mut path = vec![];
        while let Some(Token::Word(word)) = all.get(n) {
            path.push(word.clone());
            n += 1;
            if all.get(n) != Some(&Token::Path) {
                break;
            }
            n += 1;
        }
        if path.len() > 1 {
            self.paths.push(path);
        }
        n
    }
}

/// `#[path = "…"]` in front of a `mod`.
fn path_before(all: &[Token]) -> Option<String> {
    match all {
        [
            ..,
            Token::Word(path),
            Token::Sign('='),
            Token::Text(file),
            Token::Sign(']'),
        ] if path == "path" => Some(file.clone()),
        _ => None,
    }
}

/// The type whose methods a block holds; none where it is a trait's.
fn type_of(all: &[Token]) -> Option<Vec<String>> {
    let end = all.iter().position(|t| *t == Token::Sign('{'))?;
    let mut head = &all[..end];
    if head.first() == Some(&Token::Sign('<')) {
        let mut depth = 0;
        let close = head.iter().position(|t| {
            depth += i32::from(*t == Token::Sign('<')) - i32::from(*t == Token::Sign('>'));
            depth == 0
        })?;
        head = &head[close + 1..];
    }
    let of_trait = head.iter().any(|t| *t == Token::Word("for".to_owned()));
    let path = head.iter().map_while(|t| match t {
        Token::Word(name) => Some(Some(name.clone())),
        Token::Path => Some(None),
        _ => None,
    });
    let path: Vec<String> = path.flatten().collect();
    (!of_trait && !path.is_empty()).then_some(path)
}

#[test]
fn a_file_is_read_for_what_it_names() {
    let source = Source::of(
        r##"
        //! use crate::comment::Only;
        mod below;
        #[path = "sql/mod.rs"]
        mod sql;
        use crate::{a::{self, B as C, d}, e};
        pub use super::f::G;
        impl<'a> C<'a> { fn x(&self, of: impl E) -> char { crate::h::i("crate::text::only"); '"' } }
        impl Clone for C<'_> {}
        mod inner { use super::Here; }
        #[cfg(test)]
        mod tests { use crate::tests::Only; }
        "##,
    );
    assert_eq!(
        source.modules,
        [
            ("below".to_owned(), None),
            ("sql".to_owned(), Some("sql/mod.rs".to_owned()))
        ]
    );
    let paths: Vec<String> = source.paths.iter().map(|p| p.join("::")).collect();
    assert_eq!(
        paths,
        [
            "crate::a",
            "crate::a::B",
            "crate::a::d",
            "crate::e",
            "super::f::G",
            "crate::h::i",
            "self::Here"
        ]
    );
    assert_eq!(source.uses["C"], ["crate", "a", "B"]);
    assert_eq!(source.impls, [["C"]]);
}
