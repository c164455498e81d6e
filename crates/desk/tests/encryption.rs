//! An encrypted office: made so where a keystore works, opened by it or by the recovery phrase, turned on and off.

use redress_desk::{ApiError, Config, Keys, Keystore, Lang, Office, Session, font_dirs};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;
use zeroize::Zeroizing;

type Done = Result<(), ApiError>;

fn keystore() -> Keystore {
    Keystore::Given(keyring_core::mock::Store::new().expect("a store in memory"))
}

fn config(top: &TempDir, keys: Keys) -> Config {
    Config {
        data: top.path().join("office"),
        database: None,
        fonts: font_dirs(),
        owner: "test".to_owned(),
        procedures: vec![],
        keys,
    }
}

fn with(keystore: &Keystore) -> Keys {
    Keys {
        keystore: keystore.clone(),
        ..Keys::default()
    }
}

async fn call(o: &Office, s: &Session, name: &str, payload: Value) -> Result<Value, ApiError> {
    o.call(s, name, payload, Lang::Zh).await
}

async fn set_up(config: Config, more: Value) -> Result<(Office, Session), ApiError> {
    let office = Office::open(config).await?;
    let session = Session::new();
    let mut request = json!({
        "organisation": { "name": "示范中心", "address": "", "phone": "" },
        "admin": { "name": "管理员", "login": "admin", "password": "correct horse battery" },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        request[key] = value.clone();
    }
    call(&office, &session, "office.setup", request).await?;
    Ok((office, session))
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

fn plain(top: &TempDir) -> bool {
    let bytes = std::fs::read(top.path().join("office/redress.db")).expect("a database");
    bytes.starts_with(b"SQLite format 3")
}

fn code<T>(answer: Result<T, ApiError>) -> Option<String> {
    answer.err().map(|e| e.code)
}

#[tokio::test]
async fn a_new_office_is_encrypted_where_a_key_can_be_kept() -> Done {
    let cases = [
        (keystore(), json!({}), true),
        (keystore(), json!({ "training": true }), false),
        (keystore(), json!({ "encrypt": false }), false),
        (Keystore::None, json!({}), false),
        (
            keystore(),
            json!({ "training": true, "encrypt": true }),
            true,
        ),
    ];
    for (keystore, asked, encrypted) in cases {
        let top = folder();
        let (office, admin) = set_up(config(&top, with(&keystore)), asked.clone()).await?;
        let kept = call(&office, &admin, "encryption.get", json!({})).await?;
        assert_eq!(kept["encrypted"], json!(encrypted), "{asked}");
        office.close().await;
        assert_eq!(plain(&top), !encrypted, "{asked}");
    }
    let refused = set_up(
        config(&folder(), Keys::default()),
        json!({ "encrypt": true }),
    )
    .await;
    assert_eq!(code(refused).as_deref(), Some("keystore_away"));
    Ok(())
}

#[tokio::test]
async fn where_the_keystore_was_lost_the_phrase_opens_it() -> Done {
    let top = folder();
    let (office, admin) = set_up(config(&top, with(&keystore())), json!({})).await?;
    let first = call(&office, &admin, "encryption.new_phrase", json!({})).await?;
    let second = call(&office, &admin, "encryption.new_phrase", json!({})).await?;
    assert!(
        second["pdf"].as_str().is_some_and(|pdf| pdf.len() > 1000),
        "a page for the safe"
    );
    office.close().await;
    drop(office);

    let other = keystore();
    let typed = |phrase: &str| Keys {
        phrase: Some(Zeroizing::new(phrase.to_owned())),
        ..with(&other)
    };
    let text = |made: &Value| made["phrase"].as_str().unwrap_or_default().to_owned();
    let open = async |keys: Keys| Office::open(config(&top, keys)).await;
    let needed = code(open(with(&other)).await);
    assert_eq!(needed.as_deref(), Some("recovery_phrase_needed"));
    let mistyped = code(open(typed("ABCD-EFGH")).await);
    assert_eq!(mistyped.as_deref(), Some("recovery_phrase_mistyped"));
    let void = code(open(typed(&text(&first))).await);
    assert_eq!(
        void.as_deref(),
        Some("recovery_phrase_wrong"),
        "a newer one was made"
    );
    let shown = format!("{:?}", config(&top, typed(&text(&second))));
    assert!(!shown.contains(&text(&second)[..9]), "{shown}");
    let office = open(typed(&text(&second).to_lowercase())).await?;
    assert_eq!(office.organisation().await, "示范中心");
    office.close().await;
    drop(office);
    // From now on this keystore holds the key.
    drop(open(with(&other)).await?);
    Ok(())
}

#[tokio::test]
async fn an_administrator_turns_it_on_and_off() -> Done {
    let top = folder();
    let keystore = keystore();
    let keys = with(&keystore);
    let (office, admin) = set_up(config(&top, keys.clone()), json!({ "encrypt": false })).await?;
    let stranger = Session::new();
    let refused = code(call(&office, &stranger, "encryption.get", json!({})).await);
    assert_eq!(refused.as_deref(), Some("sign_in_first"));
    let refused = code(call(&office, &stranger, "encryption.set", json!({ "on": true })).await);
    assert_eq!(refused.as_deref(), Some("sign_in_first"));
    let refused = code(call(&office, &admin, "encryption.new_phrase", json!({})).await);
    assert_eq!(refused.as_deref(), Some("encryption_not_here"));
    for on in [true, true, false] {
        let kept = call(&office, &admin, "encryption.set", json!({ "on": on })).await?;
        assert_eq!(kept["encrypted"], json!(on));
        // Whoever was signed in goes on working.
        call(&office, &admin, "case.list", json!({})).await?;
        let whole = call(&office, &admin, "audit.verify", json!({})).await?;
        assert_eq!(whole["ok"], json!(true));
    }
    let log = call(&office, &admin, "audit.list", json!({ "stream": "office" })).await?;
    let said = log.to_string().matches("encryption_set").count();
    assert!(said >= 2, "each turning stands in the log once: {said}");
    office.close().await;
    drop(office);
    assert!(plain(&top));
    drop(Office::open(config(&top, Keys::default())).await?);
    Ok(())
}

#[tokio::test]
async fn a_service_takes_its_key_from_a_file() -> Done {
    let top = folder();
    let file = top.path().join("office.key");
    let keys = |file: &Path| Keys {
        file: Some(file.to_owned()),
        ..Keys::default()
    };
    let (office, _) = set_up(config(&top, keys(&file)), json!({ "encrypt": true })).await?;
    office.close().await;
    drop(office);
    assert!(!plain(&top));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).map(|m| m.permissions().mode());
        assert_eq!(mode.ok().map(|m| m & 0o777), Some(0o600));
    }
    drop(Office::open(config(&top, keys(&file))).await?);
    let open = async |text: &str| {
        let other = top.path().join("other.key");
        std::fs::write(&other, text).expect("written");
        code(Office::open(config(&top, keys(&other))).await)
    };
    assert_eq!(open("zz").await.as_deref(), Some("key_file_unreadable"));
    assert_eq!(open(&"0".repeat(64)).await.as_deref(), Some("key_unfit"));
    Ok(())
}
