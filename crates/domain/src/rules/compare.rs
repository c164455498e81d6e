//! Two results of each item held against each other, with the tolerance used (P1-f): numbers within the tolerance
//! agree, words agree where they are the same; what was concluded must be what the rows say.

use crate::{
    procedure::{Comparison, Edition},
    refusal::Refusal,
    value::given,
};
use serde_json::Value;

/// Room for what a decimal fraction is not in binary: 0.3 − 0.1 is no more than 0.2.
const HAIR: f64 = 1e-9;

/// What one row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The results agree.
    Within,
    /// They differ.
    Beyond,
    /// Two numbers, different, and no tolerance to hold them against.
    NoTolerance,
    /// The units differ: nothing can be said.
    OtherUnit,
    /// One of the two is missing.
    Missing,
}

/// A result: a number or a word, and its unit.
fn result(cell: Option<&Value>) -> Option<(&Value, &str)> {
    let cell = cell.filter(|c| given(Some(c)))?;
    let value = cell.get("value").unwrap_or(cell);
    let unit = cell.get("unit").and_then(Value::as_str).unwrap_or_default();
    given(Some(value)).then_some((value, unit.trim()))
}

/// Compares two results of one row.
pub fn verdict(
    first: Option<&Value>,
    second: Option<&Value>,
    tolerance: Option<&Value>,
) -> Verdict {
    let (Some((a, unit_a)), Some((b, unit_b))) = (result(first), result(second)) else {
        return Verdict::Missing;
    };
    let number = |v: &Value| match v {
        Value::Number(n) => n.as_f64(),
        _ => None,
    };
    let verdict = |same: bool| {
        if same {
            Verdict::Within
        } else {
            Verdict::Beyond
        }
    };
    match (number(a), number(b)) {
        (Some(_), Some(_)) if unit_a != unit_b => Verdict::OtherUnit,
        (Some(x), Some(y)) => match tolerance.and_then(|t| number(t.get("value").unwrap_or(t))) {
            Some(t) => verdict((x - y).abs() <= t.abs() + HAIR * x.abs().max(y.abs()).max(1.0)),
            // The same number needs no tolerance.
            None if (x - y).abs() < f64::EPSILON => Verdict::Within,
            None => Verdict::NoTolerance,
        },
        (None, None) => verdict(said(a) == said(b)),
        // A number beside a word: 0.02 beside 未检出 is no agreement.
        _ => Verdict::Beyond,
    }
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_lowercase()
}

/// Holds the answer against the rows.
///
/// # Errors
/// `tolerance_missing`, `units_differ`, `conclusion_contradicts`, `conclusion_unfounded`, `verdict_contradicts`, each with the row and its item.
pub fn held<'a>(
    edition: &Edition,
    c: &Comparison,
    answer: &str,
    look: impl Fn(&str) -> Option<&'a Value>,
) -> Result<(), Refusal> {
    let Some(rows) = look(&c.rows).and_then(Value::as_array) else {
        return Ok(());
    };
    let said = look(answer).and_then(Value::as_str).unwrap_or_default();
    let titled = |code: &str, row: usize, line: &Value| {
        let mut words = line.as_object().into_iter().flat_map(|o| o.values());
        let item = line.get("item").or_else(|| words.find(|v| v.is_string()));
        let title = edition.field(answer).map_or("", |f| f.title.as_str());
        Refusal::new(code)
            .with("field", c.rows.as_str())
            .with("title", title)
            .with("row", row + 1)
            .with("item", item.and_then(Value::as_str).unwrap_or_default())
    };
    let mut beyond = None;
    for (n, line) in rows.iter().enumerate() {
        let cell = |id: &str| line.get(id);
        let is = verdict(cell(&c.first), cell(&c.second), cell(&c.tolerance));
        let own = cell(&c.verdict).and_then(Value::as_str);
        let contrary = match is {
            Verdict::Within => own == Some(c.beyond.as_str()),
            Verdict::Beyond => own == Some(c.within.as_str()),
            _ => false,
        };
        if contrary {
            return Err(titled("verdict_contradicts", n, line));
        }
        match is {
            Verdict::Within | Verdict::Missing => {}
            Verdict::Beyond => beyond = beyond.or(Some(n)),
            Verdict::NoTolerance => return Err(titled("tolerance_missing", n, line)),
            Verdict::OtherUnit => return Err(titled("units_differ", n, line)),
        }
    }
    let compared = rows.iter().any(|line| {
        verdict(
            line.get(&c.first),
            line.get(&c.second),
            line.get(&c.tolerance),
        ) != Verdict::Missing
    });
    match beyond {
        Some(n) if said == c.within => Err(titled("conclusion_contradicts", n, &rows[n])),
        None if compared && said == c.beyond => Err(titled("conclusion_unfounded", 0, &rows[0])),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case::in_tolerance(json!(3.1), json!(3.2), json!(0.1), Verdict::Within)]
    #[case::beyond(json!(3.1), json!(3.3), json!(0.1), Verdict::Beyond)]
    #[case::binary(json!(0.1), json!(0.3), json!(0.2), Verdict::Within)]
    #[case::same(json!(3.1), json!(3.1), Value::Null, Verdict::Within)]
    #[case::no_tolerance(json!(3.1), json!(3.2), Value::Null, Verdict::NoTolerance)]
    #[case::words(json!("阴性"), json!(" 阴性"), Value::Null, Verdict::Within)]
    #[case::other_words(json!("阴性"), json!("阳性"), json!(1), Verdict::Beyond)]
    #[case::number_and_word(json!(0.02), json!("未检出"), json!(0.05), Verdict::Beyond)]
    #[case::units(json!({ "value": 3, "unit": "mg" }), json!({ "value": 3, "unit": "g" }), json!(1), Verdict::OtherUnit)]
    #[case::measures(json!({ "value": 3, "unit": "%" }), json!({ "value": 3.2, "unit": "%" }), json!(0.5), Verdict::Within)]
    #[case::none(Value::Null, json!(3), json!(1), Verdict::Missing)]
    #[case::empty(json!({ "value": "", "unit": "" }), json!(3), json!(1), Verdict::Missing)]
    fn two_results(#[case] a: Value, #[case] b: Value, #[case] t: Value, #[case] is: Verdict) {
        assert_eq!(verdict(Some(&a), Some(&b), Some(&t)), is);
        assert_eq!(
            verdict(Some(&b), Some(&a), Some(&t)),
            is,
            "either way round"
        );
    }

    #[rstest]
    #[case::agrees(1.2, "agrees", "agrees", None)]
    #[case::contrary_row(1.2, "differs", "agrees", Some("verdict_contradicts"))]
    #[case::contrary_row_beyond(4.2, "agrees", "differs", Some("verdict_contradicts"))]
    #[case::contrary_conclusion(4.2, "differs", "agrees", Some("conclusion_contradicts"))]
    #[case::unfounded(1.2, "agrees", "differs", Some("conclusion_unfounded"))]
    fn what_was_concluded(
        #[case] second: f64,
        #[case] row: &str,
        #[case] said: &str,
        #[case] is: Option<&str>,
    ) {
        let c = Comparison {
            rows: "rows".into(),
            first: "a".into(),
            second: "b".into(),
            tolerance: "t".into(),
            verdict: "v".into(),
            within: "agrees".into(),
            beyond: "differs".into(),
        };
        let rows = json!([{ "item": "x", "a": 1.1, "b": second, "t": 0.2, "v": row }]);
        let said = json!(said);
        let look = |f: &str| Some(if f == "rows" { &rows } else { &said });
        let told = held(&nothing(), &c, "said", look).err().map(|r| r.code);
        assert_eq!(told.as_deref(), is);
    }

    fn nothing() -> Edition {
        let text = r#"
            [procedure]
            id = "x"
            title = "x"
            edition = "1"
            organisation_kind = "x"
            number_format = "X-{year}-{seq:04}"
            [register]
            id = "register"
            title = "x"
        "#;
        Edition {
            procedure: toml::from_str(text).expect("a procedure"),
            forms: std::collections::BTreeMap::default(),
            hash: String::new(),
            files: vec![],
        }
    }
}
