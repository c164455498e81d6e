//! The rule of confidential cases in SQL.
//!
//! The rule itself is the domain's (`visibility::Participants::part`). What these queries read was written from it:
//! `hidden_case` holds whom a case is not there for, `circle` in the projection holds who has part. A test of the
//! contract holds both queries against [`Viewer::knows`] and [`Viewer::admitted`], which ask the rule.

use super::{Db, dialect};
use crate::Viewer;

/// A confidential case is not there for whom it is about, in no list and in no number.
pub fn known_to(sql: &mut sqlx::QueryBuilder<Db>, rank: &'static str, viewer: &Viewer) {
    if viewer.people.is_empty() {
        return;
    }
    sql.push(" AND ").push(rank);
    sql.push(" NOT IN (SELECT h.rank FROM hidden_case h WHERE h.person IN (");
    let mut all = sql.separated(", ");
    for person in &viewer.people {
        all.push_bind(person.to_string());
    }
    sql.push("))");
}

/// A confidential case is found by what is covered of it only for those who have part in it: [`Viewer::admitted`].
pub fn admitted(sql: &mut sqlx::QueryBuilder<Db>, viewer: &Viewer) {
    if viewer.untrusted {
        sql.push(" AND ").push(dialect::CIRCLE).push(" IS NULL");
        return;
    }
    let people: Vec<String> = viewer.people.iter().map(ToString::to_string).collect();
    sql.push(" AND (")
        .push(dialect::CIRCLE)
        .push(" IS NULL OR ((");
    dialect::in_circle(sql, "people", &people);
    for (procedure, role) in &viewer.roles {
        sql.push(" OR (r.procedure = ")
            .push_bind(procedure.clone())
            .push(" AND ");
        dialect::in_circle(sql, "roles", std::slice::from_ref(role));
        sql.push(")");
    }
    sql.push(") AND NOT ");
    dialect::in_circle(sql, "hidden_from", &people);
    sql.push("))");
}
