//! What a hand does in a window or a browser: looks, types, presses, fills a form, gives a document out.

use crate::screen::Screen;
use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, Locator};
use redress_desk::demo::PASSWORD;
use serde_json::{Value, json};
use std::time::Duration;

pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks; the library's own quarter of a second is most of a story's time.
pub const LOOK: Duration = Duration::from_millis(20);

/// Of the sentence that refuses what waits for its day.
pub const TOO_EARLY: &str = "要等到规定的日期";

pub async fn see(c: &Client, css: &str) -> Result<fantoccini::elements::Element> {
    let found = c
        .wait()
        .at_most(PATIENCE)
        .every(LOOK)
        .for_element(Locator::Css(css))
        .await;
    found.with_context(|| css.to_owned())
}

pub async fn type_in(c: &Client, field: &str, text: &str) -> Result<()> {
    see(c, &format!("[data-field='{field}']"))
        .await?
        .send_keys(text)
        .await
        .with_context(|| field.to_owned())
}

/// Fills whatever fields stand on the page, in the order in which they appear; rows are added as needed.
pub const FILL: &str = r##"
const [values, scope, done] = arguments
const turn = () => new Promise((r) => setTimeout(r))
// What the page still fetches (choices, people) is waited for, as a hand would.
const until = async (what, find) => {
  const end = Date.now() + 30000
  for (;;) {
    const el = find()
    if (el) return el
    if (Date.now() > end) throw new Error(`never seen: ${what}`)
    await turn()
  }
}
const put = (el, v) => {
  el.value = String(v)
  el.dispatchEvent(new Event('input', { bubbles: true }))
  el.dispatchEvent(new Event('change', { bubbles: true }))
}
const fill = async (el, v) => {
  if (el.matches('.rows')) {
    for (const [n, row] of v.entries()) {
      el.querySelector('[data-action="add-row"]').click()
      await turn()
      for (const [column, cell] of Object.entries(row)) {
        const inner = el.querySelectorAll('tbody tr')[n].querySelector(`[data-field="${column}"]`)
        await fill(inner, cell)
        await turn()
      }
    }
  } else if (el.matches('.seg')) {
    const all = typeof v === 'boolean' ? [v ? 'yes' : 'no'] : [v].flat()
    for (const choice of all) (await until(choice, () => el.querySelector(`[data-choice="${choice}"]`))).click()
  } else if (el.matches('.pair')) {
    const [value, unit] = el.querySelectorAll('input')
    put(value, v.value)
    await turn()
    put(unit, v.unit)
  } else {
    if (el.type === 'datetime-local') v = String(v).slice(0, 16)
    if (el.matches('select')) await until(v, () => [...el.options].some((o) => o.value === String(v)))
    put(el, v)
  }
}
const run = async () => {
  const left = new Map(Object.entries(values))
  while (left.size) {
    const seen = (id) => document.querySelector(scope)?.querySelector(`[data-field="${id}"]`)
    const id = await until([...left.keys()].join(), () => [...left.keys()].find(seen))
    await fill(seen(id), left.get(id))
    left.delete(id)
    await turn()
  }
  return ''
}
run().then(done, (e) => done(String(e)))
"##;

pub async fn fill(c: &Client, scope: &str, values: &Value) -> Result<()> {
    see(c, scope).await?;
    let said = c
        .execute_async(FILL, vec![values.clone(), scope.into()])
        .await?;
    ensure!(said == "", "{scope}: {said}");
    Ok(())
}

pub async fn sign_in(c: &Client, login: &str) -> Result<()> {
    see(c, "[data-screen='signin']").await?;
    type_in(c, "login", login).await?;
    type_in(c, "password", "Redress-2026").await?;
    see(c, "[data-action='sign-in']").await?.click().await?;
    see(c, "[data-screen='desk']").await?;
    Ok(())
}

/// Clicks by script: what a menu hides, or another thing covers for a moment, is clicked all the same. What is at
/// work is waited for, as a hand would.
pub async fn press(c: &Client, css: &str) -> Result<()> {
    see(c, &format!("{css}:not(:disabled)")).await?;
    let click = "document.querySelector(arguments[0]).click()";
    c.execute(click, vec![css.into()]).await?;
    Ok(())
}

pub async fn go(c: &Client, hash: &str) -> Result<()> {
    c.execute("location.hash = arguments[0]", vec![hash.into()])
        .await?;
    Ok(())
}

/// Registers as the story of a name does; answers the new number.
pub async fn register(
    c: &Client,
    screen: &Screen,
    name: &str,
    told: &Value,
    belated: bool,
) -> Result<String> {
    press(c, "[data-action='register']").await?;
    let channel = json!({ "channel": told["channel"] });
    fill(c, "[data-screen='register']", &channel).await?;
    fill(c, "[data-screen='register']", &told["values"]).await?;
    if belated {
        // The window's today is after the story: its complaints are entered late, with the reason (T1).
        let page = "[data-screen='register']";
        let received = json!({ "received_at": told["received_at"] });
        fill(c, page, &received).await?;
        fill(c, page, &json!({ "late_entry.reason": "年底补录" })).await?;
    }
    screen.picture(&format!("{name}-register"))?;
    press(c, "[data-action='register-and-print']").await?;
    see(c, "[data-screen='case'] svg.page").await?;
    see(c, "[data-document$='-HZ-01']").await?;
    screen.picture(&format!("{name}-case"))?;
    let number = see(c, "[data-field='case.number']").await?;
    number
        .prop("innerText")
        .await?
        .context("the new case's number")
}

pub async fn act(c: &Client, action: &str, values: &Value) -> Result<()> {
    let seq = see(c, "[data-screen='case'] [data-seq]")
        .await?
        .attr("data-seq")
        .await?
        .unwrap_or_default();
    press(c, &format!("[data-action='{action}']")).await?;
    let form = format!("[data-form='{action}']");
    fill(c, &form, values).await?;
    let password = format!("{form} [data-field='signature.password']");
    if let Ok(field) = c.find(Locator::Css(&password)).await {
        let typed = field.send_keys(PASSWORD).await;
        typed.with_context(|| format!("{action}: the signature's password"))?;
    }
    press(c, &format!("{form} [data-action='send']")).await?;
    let moved = format!("[data-seq]:not([data-seq='{seq}'])");
    see(c, &format!("{moved}, {form} [role='alert']")).await?;
    // The window's today is after the story: its agreed days have passed, and are meant.
    if c.find(Locator::Css(&format!("{form} [data-asks]")))
        .await
        .is_ok()
    {
        press(c, &format!("{form} [data-action='asks-meant']")).await?;
        let answered = format!("{moved}, {form} [role='alert']:not([data-asks])");
        see(c, &answered).await?;
    }
    let alert = format!("{form} [role='alert']:not([data-asks])");
    if let Ok(alert) = c.find(Locator::Css(&alert)).await {
        bail!("{action}: {:?}", alert.prop("innerText").await?);
    }
    Ok(())
}

pub async fn issue(c: &Client, form: &str, task: Option<&str>) -> Result<()> {
    let seq = see(c, "[data-screen='case'] [data-seq]")
        .await?
        .attr("data-seq")
        .await?
        .unwrap_or_default();
    let choice = json!({ "document.form": format!("{form}@{}", task.unwrap_or_default()) });
    fill(c, ".docs", &choice).await?;
    press(c, ".docs [data-action='document-issue']").await?;
    see(
        c,
        &format!("[data-seq]:not([data-seq='{seq}']), .docs [role='alert']"),
    )
    .await?;
    if let Ok(alert) = c.find(Locator::Css(".docs [role='alert']")).await {
        let said = alert.prop("innerText").await?.unwrap_or_default();
        // There is no viewer on a bare display: the document is given out all the same.
        eprintln!("{form}: {said}");
    }
    Ok(())
}
