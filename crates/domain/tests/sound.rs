//! A wrong procedure is refused with file, line and what it is about.

use redress_domain::check::{Files, files_name, load};
use rstest::rstest;

const GOOD: &str = r#"forms = []
[procedure]
id = "tiny"
title = "小程序"
edition = "1"
organisation_kind = "窗口"
number_format = "X-{year}-{seq}"
[[role]]
id = "clerk"
title = "文员"
[[channel]]
id = "visit"
title = "来人"
[[field]]
id = "what"
title = "内容"
kind = "text"
[register]
id = "register"
title = "登记"
by = ["clerk"]
fields = ["what"]
[[step]]
id = "open"
title = "办理"
  [[step.action]]
  id = "close"
  title = "结案"
  by = ["clerk"]
  effect = "close"
[[clock]]
id = "day"
title = "一天"
starts = "registered"
stops = ["closed"]
within = { hours = 24 }
source = "L1"
"#;

fn files(text: &str) -> Files {
    Files {
        procedure: (files_name::PROCEDURE.into(), text.to_owned()),
        ..Files::default()
    }
}

#[test]
fn a_sound_one_is_taken() {
    let edition = load(&files(GOOD)).expect("sound");
    assert_eq!(edition.hash.len(), 64);
}

#[rstest]
#[case(r#"by = ["clerk"]"#, r#"by = ["chef"]"#, "role_unknown", 21)]
#[case(r#"fields = ["what"]"#, r#"fields = ["colour"]"#, "field_unknown", 22)]
#[case(
    "hours = 24",
    "hours = 24, working_days = 1",
    "clock_needs_one_limit",
    32
)]
#[case(
    r#"stops = ["closed"]"#,
    r#"stops = ["action:sing"]"#,
    "clock_event_unknown",
    35
)]
#[case(r#"effect = "close""#, r#"effect = "sing""#, "file_not_understood", 30)]
#[case(
    r#"effect = "close""#,
    r#"to = [{ step = "moon" }]"#,
    "step_unknown",
    30
)]
#[case("forms = []", r#"forms = ["receipt"]"#, "form_unknown", 1)]
#[case("X-{year}-{seq}", "X-{seq}", "number_format_unfit", 7)]
fn a_mistake_is_named_with_its_line(
    #[case] from: &str,
    #[case] to: &str,
    #[case] code: &str,
    #[case] line: usize,
) {
    let problems = load(&files(&GOOD.replacen(from, to, 1))).expect_err("not sound");
    let found = problems.iter().find(|p| p.code == code);
    assert_eq!(found.map(|p| p.line), Some(line), "{problems:?}");
}

const DUTY: &str = r#"
[[field]]
id = "sorry"
title = "已道歉"
kind = "yes_no"
duty = true
[[field]]
id = "why"
title = "没有道歉的原因"
kind = "text"
when = { sorry = false }
[[always]]
id = "say_sorry"
title = "补记道歉"
by = ["clerk"]
when = { sorry = false }
fields = ["sorry"]
[[closing]]
id = "sorry_open"
title = "尚未道歉"
must = { sorry = true }
source = "L1"
"#;

/// What the source obliges to cannot be answered with a bare no: a reason is asked with it, it can be made good later,
/// and closing waits for it.
#[rstest]
#[case::whole("", "", true)]
#[case::no_reason("when = { sorry = false }\n[[always]]", "[[always]]", false)]
#[case::reason_left_out(r#""why"]"#, r#""why?"]"#, false)]
#[case::never_made_good("when = { sorry = false }\nfields", "fields", false)]
#[case::closing_does_not_wait(
    "must = { sorry = true }",
    "must = { why = { given = true } }",
    false
)]
#[case::closing_takes_a_no(
    "must = { sorry = true }",
    "must = { sorry = { given = true } }",
    false
)]
#[case::no_yes_or_no(r#"kind = "yes_no""#, r#"kind = "text""#, false)]
fn a_duty_has_its_reason_its_later_act_and_its_rule(
    #[case] from: &str,
    #[case] to: &str,
    #[case] whole: bool,
) {
    let asked = GOOD.replacen(r#"["what"]"#, r#"["what", "sorry", "why"]"#, 1);
    let text = format!("{asked}{DUTY}");
    assert!(text.contains(from), "{from}");
    let codes: Vec<String> = match load(&files(&text.replacen(from, to, 1))) {
        Ok(_) => vec![],
        Err(problems) => problems.into_iter().map(|p| p.code).collect(),
    };
    let named = codes.iter().any(|c| c == "duty_unfit");
    assert_eq!(named, !whole, "{codes:?}");
    assert_eq!(codes.is_empty(), whole, "{codes:?}");
}

const SUMMARY: &str = r#"
[[field]]
id = "kind"
title = "种类"
kind = "choice"
choices = [{ id = "a", title = "甲" }]
[[field]]
id = "who"
title = "经办人"
kind = "staff"
[[tally]]
title = "种类的件数"
field = "kind"
[[listing]]
title = "没有了结的"
when = { kind = "a" }
fields = ["what"]
"#;

/// A summary names nobody, and counts what has a few answers.
#[rstest]
#[case::good("", "", None)]
#[case::counts_words(r#"field = "kind""#, r#"field = "what""#, Some("summary_unfit"))]
#[case::counts_people(r#"field = "kind""#, r#"field = "who""#, Some("summary_unfit"))]
#[case::counts_nothing(r#"field = "kind""#, r#"field = "moon""#, Some("field_unknown"))]
#[case::lists_people(
    "kind = \"a\" }\nfields = [\"what\"]",
    "kind = \"a\" }\nfields = [\"who\"]",
    Some("summary_unfit")
)]
#[case::lists_what_is_personal(
    "title = \"内容\"",
    "title = \"内容\"\nclass = \"personal\"",
    Some("summary_unfit")
)]
#[case::counts_what_is_personal(
    "title = \"种类\"",
    "title = \"种类\"\nclass = \"personal\"",
    Some("summary_unfit")
)]
#[case::lists_by_nothing("when = { kind", "when = { moon", Some("field_unknown"))]
fn a_summary_counts_choices_and_names_nobody(
    #[case] from: &str,
    #[case] to: &str,
    #[case] code: Option<&str>,
) {
    let asked = GOOD.replacen(r#"["what"]"#, r#"["what", "kind", "who?"]"#, 1);
    let text = format!("{asked}{SUMMARY}");
    assert!(text.contains(from), "{from}");
    let codes: Vec<String> = match load(&files(&text.replacen(from, to, 1))) {
        Ok(_) => vec![],
        Err(problems) => problems.into_iter().map(|p| p.code).collect(),
    };
    assert_eq!(codes.first().map(String::as_str), code, "{codes:?}");
}

/// A letter says how the complaint came in: each channel has words for it.
#[test]
fn a_channel_without_words_for_letters_is_named() {
    let letter = |channel: &str| {
        let form = "[[block]]\nkind = \"paragraph\"\ntext = \"您{case.channel_phrase}的问题\"";
        let mut files = with_form(form);
        files.procedure.1 = files.procedure.1.replace("title = \"来人\"", channel);
        files
    };
    let codes: Vec<String> = match load(&letter("title = \"来人\"")) {
        Ok(_) => vec![],
        Err(problems) => problems.into_iter().map(|p| p.code).collect(),
    };
    assert_eq!(codes, ["channel_phrase_missing"]);
    let said = "title = \"来人\"\nphrase = \"来窗口反映\"";
    assert!(load(&letter(said)).is_ok());
}

/// A file that goes beyond a limit is refused at its line, whatever the number.
#[rstest]
#[case::working_days(
    "within = { hours = 24 }",
    "within = { working_days = 1000000000 }",
    "number_out_of_range"
)]
#[case::hours(
    "within = { hours = 24 }",
    "within = { hours = 3661 }",
    "number_out_of_range"
)]
#[case::negative(
    "within = { hours = 24 }",
    "within = { hours = -1 }",
    "number_out_of_range"
)]
#[case::beyond_an_integer(
    "within = { hours = 24 }",
    "within = { hours = 99999999999999999999 }",
    "number_out_of_range"
)]
#[case::retention(
    "edition = \"1\"",
    "edition = \"1\"\nretention_years = 0",
    "number_out_of_range"
)]
#[case::late_entry(
    "edition = \"1\"",
    "edition = \"1\"\nlate_entry_hours = 4294967295",
    "number_out_of_range"
)]
#[case::set_value(
    "effect = \"close\"",
    "effect = \"close\"\nto = [{ sets = { what = 1e300 } }]",
    "number_out_of_range"
)]
#[case::digits("X-{year}-{seq}", "X-{year}-{seq:0999999999}", "number_format_unfit")]
#[case::not_digits("X-{year}-{seq}", "X-{year}-{seq:x}", "number_format_unfit")]
fn a_number_out_of_its_range_is_refused_at_its_line(
    #[case] good: &str,
    #[case] bad: &str,
    #[case] code: &str,
) {
    let text = GOOD.replacen(good, bad, 1);
    assert_ne!(text, GOOD);
    let problems = load(&files(&text)).expect_err(code);
    let about = bad.lines().last().unwrap_or_default();
    let wanted = text.lines().position(|l| l.contains(about)).map(|n| n + 1);
    let found = problems.iter().find(|p| p.code == code);
    assert_eq!(found.map(|p| p.line), wanted, "{problems:?}");
}

fn with_form(block: &str) -> Files {
    let text = GOOD.replacen("forms = []", "forms = [\"sheet\"]", 1);
    let form = format!("id = \"sheet\"\ntitle = \"表\"\ncode = \"B\"\n{block}\n");
    Files {
        forms: vec![("forms/sheet.toml".to_owned(), form)],
        ..files(&text)
    }
}

fn table(columns: &str, more: &str) -> String {
    format!("[[block]]\nkind = \"table\"\nrows = \"r\"\n{more}\ncolumns = [{columns}]")
}

fn nested(levels: usize) -> String {
    (1..=levels).fold(String::new(), |text, n| {
        let path = ["block"; 9][..n].join(".");
        text + &format!("[[{path}]]\nkind = \"only\"\ngiven = \"what\"\n")
    })
}

const COLUMN: &str = "{ id = \"a\", title = \"甲\" }";

#[rstest]
#[case::a_million_rows(table(COLUMN, "min_rows = 1000000"), "number_out_of_range", 7)]
#[case::no_width(
    table("{ id = \"a\", title = \"甲\", width = 0 }", ""),
    "number_out_of_range",
    8
)]
#[case::negative_width(
    table("{ id = \"a\", title = \"甲\", width = -1.0 }", ""),
    "number_out_of_range",
    8
)]
#[case::no_number(
    table("{ id = \"a\", title = \"甲\", width = nan }", ""),
    "number_out_of_range",
    8
)]
#[case::endless_width(
    table("{ id = \"a\", title = \"甲\", width = inf }", ""),
    "number_out_of_range",
    8
)]
#[case::many_columns(table(&[COLUMN; 31].join(", "), ""), "file_over_limit", 8)]
#[case::no_span("[[block]]\nkind = \"grid\"\nrows = [[{ text = \"x\", span = 0 }]]".to_owned(), "number_out_of_range", 6)]
#[case::high("[[block]]\nkind = \"grid\"\nrows = [[{ text = \"x\", lines = 255 }]]".to_owned(), "number_out_of_range", 6)]
#[case::many_cells(format!("[[block]]\nkind = \"grid\"\nrows = [[{}]]", ["{ text = \"x\" }"; 25].join(", ")), "file_over_limit", 6)]
#[case::many_blocks("[[block]]\nkind = \"page_break\"\n".repeat(201), "file_over_limit", 4)]
#[case::deep(nested(5), "file_too_deep", 16)]
#[case::long_text(format!("[[block]]\nkind = \"heading\"\ntext = \"{}\"", "字".repeat(10_001)), "file_over_limit", 6)]
#[case::large(format!("#{}", "x".repeat(256 * 1024)), "file_too_large", 1)]
#[case::arrow("[[block]]\nkind = \"flow\"\nnodes = [{ title = \"a\" }]\nedges = [{ from = 0, to = 1 }]".to_owned(), "flow_astray", 1)]
#[case::multiplied(format!("[[block]]\nkind = \"each\"\nover = \"r\"\n{}", "[[block.block]]\nkind = \"table\"\nrows = \"r\"\nmin_rows = 100\ncolumns = []\n".repeat(3)), "form_too_long", 0)]
fn a_form_beyond_the_limits_is_refused_at_its_line(
    #[case] block: String,
    #[case] code: &str,
    #[case] line: usize,
) {
    let problems = load(&with_form(&block)).expect_err(code);
    let found = problems
        .iter()
        .find(|p| p.code == code && p.file == "forms/sheet.toml");
    assert_eq!(found.map(|p| p.line), Some(line), "{problems:?}");
}

/// However an edition is blown up, it is refused at once.
#[rstest]
#[case::files(Files { forms: vec![("forms/x.toml".to_owned(), String::new()); 201], ..files(GOOD) })]
#[case::bytes(Files { forms: (0..6).map(|n| (format!("forms/{n}.toml"), "#".repeat(200 * 1024))).collect(), ..files(GOOD) })]
#[case::fields(files(&format!("{GOOD}{}", "[[field]]\nid = \"f\"\ntitle = \"x\"\nkind = \"text\"\n".repeat(501))))]
#[case::dotted(files(&format!("{}a = 1\n{GOOD}", "a.".repeat(100_000))))]
#[case::brackets(files(&format!("x = {}\n{GOOD}", "[".repeat(100_000))))]
#[case::keys(files(&format!("[clauses]\n{}\n{GOOD}", (0..201).map(|n| format!("k{n} = \"1\"\n")).collect::<String>())))]
#[case::stands_for(files(&format!(
    "{}\n[stands_for]\nmany = [{}]\n",
    GOOD.replacen("by = [\"clerk\"]", &format!("by = [{}]", vec!["\"$many\""; 100].join(", ")), 2)
        .replacen("stops = [\"closed\"]", &format!("stops = [{}]", vec!["\"action:$many\""; 40].join(", ")), 1),
    vec!["\"close\""; 100].join(", ")
)))]
fn an_edition_beyond_the_limits_is_refused(#[case] all: Files) {
    let problems = load(&all).expect_err("too much");
    assert!(problems.len() <= redress_domain::limits::PROBLEMS + 1);
}

#[test]
fn a_range_that_cannot_be_held_is_refused() {
    let all = [
        "kind = \"text\"\npast = true",
        "kind = \"date\"\npast = true\nfuture = true",
        "kind = \"date\"\ndecimals = 0",
        "kind = \"number\"\nleast = 1",
        "kind = \"number\"\nleast = 5\nmost = 1",
        "kind = \"number\"\nleast = 0\nmost = 5\nusual_most = 9",
        "kind = \"number\"\nusual_years = 2",
    ];
    for range in all {
        let text = format!("{GOOD}\n[[field]]\nid = \"odd\"\ntitle = \"栏\"\n{range}\n");
        let problems = load(&files(&text)).expect_err(range);
        assert_eq!(problems[0].code, "range_unfit", "{range}: {problems:?}");
    }
    let fine = "[[field]]\nid = \"copies\"\ntitle = \"份数\"\nkind = \"number\"\nleast = 0\nmost = 9\ndecimals = 0";
    load(&files(&format!("{GOOD}\n{fine}\n"))).expect("sound");
}
