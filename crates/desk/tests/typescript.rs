//! Writes the wire's TypeScript into `ui/src/generated/`; CI fails where it was stale.

use redress_desk::commands::{CommandLine, Topic, VERSION, list, visit_types};
use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};
use ts_rs::{Config, TS, TypeVisitor};

#[derive(Default)]
struct Types(BTreeMap<String, String>, BTreeSet<TypeId>);

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.1.insert(TypeId::of::<T>()) {
            return;
        }
        let config = Config::default();
        if T::output_path().is_some() {
            let name = T::ident(&config);
            let docs = T::docs().unwrap_or_default();
            self.0
                .insert(name, format!("{docs}export {}", T::decl(&config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// A line of the file; a `String` takes anything.
fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).expect("a String takes it");
    text.push('\n');
}

/// Every command with its request and response.
fn commands(text: &mut String) {
    text.push_str(
        "/** Every command with its request and response. */\nexport interface Commands {\n",
    );
    for c in list() {
        let (name, request, response) = (c.name, c.request, c.response);
        line(
            text,
            format_args!("  \"{name}\": {{ request: {request}, response: {response} }},"),
        );
    }
    text.push_str("}\n\n");
}

/// Commands whose answer is a file.
fn gives(text: &mut String, types: &Types) {
    text.push_str(
        "/** Commands whose answer is a file, and the field in which it stands. */\nexport const GIVES: Readonly<Record<string, string>> = {\n",
    );
    for c in list() {
        let decl = types.0.get(&c.response).map_or("", String::as_str);
        let before = decl.split_once(": Blob").map(|(before, _)| before);
        if let Some(field) = before.and_then(|b| b.split_whitespace().next_back()) {
            line(text, format_args!("  \"{}\": \"{field}\",", c.name));
        }
    }
    text.push_str("}\n");
}

/// Topics of every command that has some.
fn topics(text: &mut String, doc: &str, name: &str, of: fn(&CommandLine) -> &'static [Topic]) {
    line(
        text,
        format_args!(
            "\n/** {doc} */\nexport const {name}: Readonly<Record<string, readonly Topic[]>> = {{"
        ),
    );
    for c in list() {
        let all = serde_json::to_string(of(&c)).expect("topics are words");
        if all != "[]" {
            line(text, format_args!("  \"{}\": {all},", c.name));
        }
    }
    text.push_str("}\n");
}

#[test]
fn typescript_is_written() {
    let mut types = Types::default();
    visit_types(&mut types);
    let mut text =
        "// Generated from the command list by `cargo test`. Do not edit.\n\n".to_owned();
    line(
        &mut text,
        format_args!(
            "/** Version of the command list that this page speaks. */\nexport const VERSION = {VERSION}\n"
        ),
    );
    for decl in types.0.values() {
        text.push_str(decl);
        text.push_str("\n\n");
    }
    commands(&mut text);
    gives(&mut text, &types);
    topics(
        &mut text,
        "On what the answer of a command depends.",
        "READS",
        |c| c.reads,
    );
    topics(
        &mut text,
        "What is to be read again after a command.",
        "STALE",
        |c| c.stale,
    );
    assert!(text.contains("\"form.issue\": \"pdf\""), "papers are files");
    assert!(
        text.contains("export type CaseView"),
        "the case is on the wire"
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/generated/api.ts");
    if std::fs::read_to_string(path).ok().as_deref() != Some(text.as_str()) {
        std::fs::write(path, &text).expect("the folder is there");
        panic!("ui/src/generated/api.ts was stale and is written anew: commit it");
    }
}
