//! Every form in which `redressctl` is called: its exit code, and how the first line of its answer begins or what it
//! holds. Scripts rely on these; the table was written against the program before it read its words with clap.
#![cfg(unix)]

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Words are parted by blanks; none of the arguments holds one.
struct Form {
    line: &'static str,
    exit: i32,
    says: &'static str,
}

const fn form(line: &'static str, exit: i32, says: &'static str) -> Form {
    Form { line, exit, says }
}

/// Wrong usage: nothing is done.
const USAGE: &[Form] = &[
    form("", 2, ""),
    form("nothing", 2, ""),
    form("init", 2, ""),
    form("init one two", 2, ""),
    form("encrypt", 2, ""),
    form("phrase", 2, ""),
    form("demo", 2, ""),
    form("story office", 2, ""),
    form("check", 2, ""),
    form("commands more", 2, ""),
    form("serve", 2, ""),
    form("loopback", 2, ""),
    form("--data office call", 2, ""),
    form("--data office call a b c", 2, ""),
    form("call session.state", 2, ""),
    form("verify", 2, ""),
    form("rebuild", 2, ""),
    form("--data office backup", 2, ""),
    form("backup new.backup", 2, ""),
    form("restore", 2, ""),
    form("--data office second-factor-off", 2, ""),
    form("--as admin second-factor-off", 2, ""),
    form("salvage office", 2, ""),
    form("prepare", 2, ""),
    form("prepare --role redress_host", 2, ""),
    form("move", 2, ""),
    form("move --from office", 2, ""),
    form("--data office --as admin backup-key other", 2, ""),
    form("verify --data", 2, ""),
    form("verify --dat office", 2, ""),
    form("--database - verify", 2, ""),
    form("move --from-database - --to office", 2, ""),
    form("serve office --listen here", 2, ""),
    form("serve office --certificate c.pem", 2, ""),
    form("serve office --key k.pem", 2, ""),
    form("serve office --trusted-proxy proxy", 2, ""),
];

/// Commands of the window. Told one after another in one folder, as the others below.
const CALLS: &[Form] = &[
    // A new office; options stand before the command, between its words, or after them.
    form(
        "--training init --organisation 市检验所 office --plain",
        0,
        r#"{"admin":"admin","data":"office","encrypted":false,"recovery_phrase":null,"training":true}"#,
    ),
    form("init office", 1, "already_set_up"),
    form("init plain --plain", 0, r#""training":false"#),
    form("init plain2 --encrypt --plain", 0, r#""encrypted":false"#),
    form("commands", 0, r#"[{"#),
    form("--data office call session.state", 0, r#""user":null"#),
    form("call session.state --data office", 0, r#""user":null"#),
    form("call --data office session.state {}", 0, r#""user":null"#),
    form(
        "--data other --data office call session.state",
        0,
        r#""first_run":false"#,
    ),
    form(
        "--data office --as admin call person.list",
        0,
        r#""login":"admin""#,
    ),
    form(
        "call person.list --as admin --data office",
        0,
        r#""login":"admin""#,
    ),
    form(
        "--as nobody --as admin --data office call person.list {}",
        0,
        r#""login":"admin""#,
    ),
    form(
        "--data office call person.list",
        1,
        r#""code":"sign_in_first""#,
    ),
    form(
        "--data office --as nobody call person.list",
        1,
        r#""code":"sign_in_failed""#,
    ),
    form(
        "--data office --as admin call no.such",
        1,
        r#""code":"unknown_command""#,
    ),
    form(
        "--data office --as admin call person.list {",
        1,
        r#""code":"request_not_understood""#,
    ),
    form(
        "--data office --as admin call person.list @none.json",
        1,
        r#""code":"file_missing""#,
    ),
    form(
        "--data office --as admin call case.get @case.json",
        1,
        r#""code":"unknown_case""#,
    ),
    form(
        "--data office --as admin call case.get -",
        1,
        r#""code":"unknown_case""#,
    ),
    form(
        "--data office --as admin --at 2026-10-09T09:00:00+08:00 call session.state",
        0,
        r#""now":"2026-10-09T"#,
    ),
    form(
        "--data office --as admin call session.state --at 2026-10-09T09:00:00+08:00",
        0,
        r#""now":"2026-10-09T"#,
    ),
    form(
        "--data office --as admin --at soon call session.state",
        1,
        r#""code":"time_not_understood""#,
    ),
    form(
        "--data plain --as admin --at 2026-10-09T09:00:00+08:00 call session.state",
        1,
        r#""code":""#,
    ),
    form(
        "--data office --as admin call procedure.check {\"path\":\"sound\"}",
        0,
        "[",
    ),
    form(
        "--data office --as admin call export.xlsx {\"path\":\"cases.xlsx\"}",
        0,
        r#""path":"cases.xlsx""#,
    ),
    form(
        "--data office --as admin call export.xlsx {\"path\":\"cases.xlsx\"}",
        1,
        r#""code":"file_exists""#,
    ),
    // An option of another command is passed over.
    form(
        "--data office --as admin --training call session.state",
        0,
        r#""login":"admin""#,
    ),
    form(
        "check sound --data office --as admin --out papers",
        0,
        r#"{"problems":[]}"#,
    ),
];

const CHECKS_AND_BACKUPS: &[Form] = &[
    form("init office --training --plain", 0, r#""admin":"admin""#),
    // Procedures.
    form("check sound", 0, r#"{"problems":[]}"#),
    form("check unsound", 1, r#""code":"procedure_unsound""#),
    form("check none", 1, r#""code":"file_missing""#),
    // The log.
    form("--data office verify", 0, r#""ok":true"#),
    form("verify --data office", 0, r#""ok":true"#),
    form("--data office --as admin verify", 0, r#""ok":true"#),
    form("--data office verify --anchor 1:00", 1, r#""code":"#),
    form(
        "--data office --anchor @none verify",
        1,
        r#""code":"file_missing""#,
    ),
    form("--data office rebuild", 0, r#"{"cases":0}"#),
    // Backups.
    form(
        "--data office backup one.backup",
        0,
        r#""path":"one.backup""#,
    ),
    form(
        "backup --data office two.backup",
        0,
        r#""path":"two.backup""#,
    ),
    form(
        "--data office backup one.backup",
        1,
        r#""code":"file_exists""#,
    ),
    form("restore one.backup --into back", 0, r#""restored":"back""#),
    form(
        "--into back2 restore one.backup --secret secret.txt",
        0,
        r#""restored":"back2""#,
    ),
    form(
        "restore one.backup --secret - --into back3",
        0,
        r#""restored":"back3""#,
    ),
    form(
        "restore none.backup --into back4",
        1,
        r#""code":"file_missing""#,
    ),
    form("--data back verify", 0, r#""ok":true"#),
    form("salvage back --into saved", 0, "{"),
    form("--data office --as admin backup-key", 0, r#""sealing":"#),
    form(
        "backup-key --as admin --data office refuse",
        1,
        r#""code":"#,
    ),
    form(
        "--data office --as admin backup-key keep --out papers",
        1,
        r#""code":"#,
    ),
    form("--data office --as admin backup-key ask", 0, r#""asked":"#),
    form(
        "--data office --as admin second-factor-off",
        1,
        r#""code":"#,
    ),
];

const OTHERS: &[Form] = &[
    form("init office --training --plain", 0, r#""admin":"admin""#),
    form("init plain --plain", 0, r#""training":false"#),
    // Practice.
    form(
        "story told short.toml --out papers",
        0,
        r#"{"data":"told","papers":"#,
    ),
    form(
        "--out papers2 story told2 short.toml --procedures procedures",
        0,
        r#"{"data":"told2","papers":"#,
    ),
    form("story told3 none.toml", 1, r#""code":"file_missing""#),
    form("story told3 astray.toml", 1, r#""code":"story_astray""#),
    form("demo told4 --at soon", 1, r#""code":"time_not_understood""#),
    // Encryption; the key comes from a file.
    form("encrypt plain", 0, r#""encrypted":true"#),
    form("encrypt plain", 0, r#""changed":false"#),
    form("phrase plain", 0, r#"{"recovery_phrase":"#),
    form(
        "decrypt plain",
        0,
        r#"{"changed":true,"data":"plain","encrypted":false,"recovery_phrase":null}"#,
    ),
    // Databases: nobody listens at this address.
    form(
        "prepare --database postgres://u@127.0.0.1:1/x --role redress_host",
        1,
        r#""code":"database_"#,
    ),
    form(
        "--database postgres://u@127.0.0.1:1/x verify",
        1,
        r#""code":"database_"#,
    ),
    form(
        "serve office --database postgres://u@127.0.0.1:1/x --listen 127.0.0.1:0",
        1,
        r#""code":"database_"#,
    ),
    form(
        "move --from told --to-database postgres://u@127.0.0.1:1/x",
        1,
        r#""code":"database_"#,
    ),
    form("move --from told --to moved", 0, r#"{"anchor":"#),
    // Hosts that cannot begin.
    form(
        "serve office --certificate none.pem --key none.pem --log log",
        1,
        r#""code":"certificate_unusable""#,
    ),
    form(
        "serve office --listen 192.0.2.1:1 --trusted-proxy 10.0.0.1 --trusted-proxy 10.1.0.0/16",
        1,
        r#""code":"cannot_listen""#,
    ),
    form(
        "loopback plain --at soon",
        1,
        r#""code":"time_not_understood""#,
    ),
];

const SHORT: &str = r##"title = "开始"
procedure = "factory"

[[person]]
login = "gc_wenli"
name = "温丽"
roles = ["sales_assistant"]
[[party]]
sort = "organisation"
name = "北方传动"
marks = []
[[party]]
sort = "product"
name = "轴承"
marks = []

[[deed]]
at = "2026-04-30T11:45"
who = "gc_wenli"
case = "new-product"
register = "fax"
received = "2026-04-30T11:40"
[deed.values]
"complaint.customer" = "#北方传动"
"complainant.organisation" = "北方传动设备有限公司"
"complainant.name" = "任处长"
"complaint.product" = "#轴承"
"product.name" = "轴承"
"product.batch" = "XT9-260412"
"product.quantity" = { value = 1200, unit = "套" }
"complaint.description" = "首批装机三天漏油 14 套，准备整批退货。"
"complaint.demand" = ["return"]
"complaint.about_us" = true
"immediate.measures" = ["hold", "stop_use"]
"complaint.materials" = [{ name = "传真件", count = 2 }]
"##;

fn run(folder: &Path, line: &str) -> std::io::Result<Output> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redressctl"))
        .current_dir(folder)
        .args(line.split_whitespace())
        .env("LANG", "en_GB.UTF-8")
        .env("REDRESS_PASSWORD", "seven quiet lanterns 41")
        .env("REDRESS_PASSPHRASE", "correct horse")
        .env("REDRESS_KEYSTORE", "none")
        .env("REDRESS_KEY_FILE", folder.join("office.key"))
        .env_remove("REDRESS_DATABASE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        let typed = if line.starts_with("restore") {
            "correct horse"
        } else {
            r#"{"case":"none"}"#
        };
        // Most forms read nothing.
        let _ = stdin.write_all(typed.as_bytes());
    }
    child.wait_with_output()
}

/// The folder in which the forms are told.
fn set_the_scene(folder: &Path) -> std::io::Result<()> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::os::unix::fs::symlink(top.join("procedures/hospital"), folder.join("sound"))?;
    std::os::unix::fs::symlink(top.join("procedures"), folder.join("procedures"))?;
    std::fs::create_dir(folder.join("unsound"))?;
    std::fs::write(folder.join("unsound/procedure.toml"), "id = 1\n")?;
    std::fs::write(folder.join("case.json"), r#"{"case":"none"}"#)?;
    std::fs::write(folder.join("secret.txt"), "correct horse")?;
    std::fs::write(folder.join("short.toml"), SHORT)?;
    std::fs::write(folder.join("astray.toml"), "title = 1\n")
}

fn told(forms: &[Form]) -> std::io::Result<()> {
    let top = tempfile::TempDir::new()?;
    set_the_scene(top.path())?;
    let mut astray = Vec::new();
    for Form { line, exit, says } in forms {
        let out = run(top.path(), line)?;
        let said = if *exit == 0 { &out.stdout } else { &out.stderr };
        let said = String::from_utf8_lossy(said);
        let first = said.lines().next().unwrap_or_default();
        let code = out.status.code();
        let silent = *exit == 0 || out.stdout.is_empty();
        if code != Some(*exit) || !first.contains(says) || !silent {
            let first: String = first.chars().take(300).collect();
            astray.push(format!(
                "redressctl {line}\n    {code:?}, not {exit} with {says}: {first}"
            ));
        }
    }
    assert!(
        astray.is_empty(),
        "{} astray\n{}",
        astray.len(),
        astray.join("\n")
    );
    Ok(())
}

#[test]
fn wrong_usage_ends_with_2() -> std::io::Result<()> {
    told(USAGE)
}

#[test]
fn commands_of_the_window_answer_as_scripts_expect() -> std::io::Result<()> {
    told(CALLS)
}

#[test]
fn checks_and_backups_answer_as_scripts_expect() -> std::io::Result<()> {
    told(CHECKS_AND_BACKUPS)
}

#[test]
fn everything_else_answers_as_scripts_expect() -> std::io::Result<()> {
    told(OTHERS)
}
