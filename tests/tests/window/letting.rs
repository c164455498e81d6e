//! The window of the PC that has the folder lets others in: its page and its commands are there for them, by the code
//! that its settings show.

use crate::{
    hand::{go, press, see, sign_in},
    screen::{NOW, Screen, built, window},
};
use anyhow::{Context, Result, ensure};
use redress_host::{Certificate, Client, code, show};
use redress_tests::{
    House, house,
    served::{Pc, line, refused, rest},
};
use serde_json::json;
use std::net::TcpListener;
use tokio::io::AsyncWriteExt;

#[tokio::test(flavor = "multi_thread")]
async fn the_windows_own_folder_is_opened_to_others_and_closed_again() -> Result<()> {
    let House { practice, folder } = house().await?;
    practice.office.close().await;
    drop(practice);
    let data = folder.path().join("office");
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    std::fs::create_dir_all(data.join("host"))?;
    let switch = json!({ "on": false, "listen": free }).to_string();
    std::fs::write(data.join("host/let-in.json"), switch)?;
    let address = free.to_string();

    let screen = Screen::start(&folder, &data, Some(NOW))?;
    let c = window(&screen, &built()?).await?;
    sign_in(&c, "admin").await?;
    ensure!(show(&address).await.is_err(), "closed until it is opened");
    go(&c, "#/settings").await?;
    press(&c, "[data-field='let-in']").await?;
    let said = see(&c, "[data-part='letting'] [data-code]").await?;
    let said = said.prop("innerText").await?.context("a code")?;
    screen.picture("letting")?;

    let shown = show(&address).await?;
    assert_eq!(code(&shown.fingerprint), said, "both sides show it");
    let client = Client::new(&address, &shown.fingerprint)?;
    let pc = Pc { client };
    pc.sign_in("zhaomin").await?;
    let here = pc.call("case.list", json!({})).await?;
    ensure!(here["rows"].is_array(), "{here}");
    let mut browser = line(free, &Certificate::of(&data, &[])?).await?;
    let asks = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    browser.write_all(asks).await?;
    let page = rest(&mut browser).await;
    ensure!(
        page.contains("<div id=\"app\">"),
        "the page is there for browsers: {page}"
    );

    press(&c, "[data-field='let-in']").await?;
    see(&c, "[data-part='letting']:not(:has([data-code]))").await?;
    assert_eq!(refused(pc.call("case.list", json!({})).await), "host_away");
    c.close().await?;
    Ok(())
}
