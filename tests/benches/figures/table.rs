//! Samples, and the table that is printed.

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// One line: what, its figure, what it is held against.
#[derive(Default)]
pub struct Table {
    lines: Vec<[String; 4]>,
    printed: usize,
}

impl Table {
    pub fn line(&mut self, what: &str, figure: String, aim: &str, floor: String) {
        self.lines
            .push([what.to_owned(), figure, aim.to_owned(), floor]);
    }

    /// Prints the lines that were not printed yet.
    pub fn print(&mut self) {
        if self.printed == 0 {
            println!("{:<46} {:<24} {:<14} beside it", "what", "measured", "aim");
        }
        for [what, figure, aim, floor] in &self.lines[self.printed..] {
            // Chinese characters take two columns on a terminal; the words here are English for that reason.
            println!("{what:<46} {figure:<24} {aim:<14} {floor}");
        }
        self.printed = self.lines.len();
    }
}

/// Times of many runs.
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn new(mut all: Vec<Duration>) -> Self {
        all.sort();
        Self(all)
    }

    fn at(&self, percent: usize) -> f64 {
        let i = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(i).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    }

    /// `p50 1.20 p95 1.90 ms`
    pub fn show(&self) -> String {
        format!("p50 {:.2} p95 {:.2} ms", self.at(50), self.at(95))
    }
}

/// Times a run of an async piece for each of `n`.
pub async fn each<T, E, F>(n: usize, mut run: impl FnMut(usize) -> F) -> Result<Samples, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut all = Vec::with_capacity(n);
    for i in 0..n {
        let start = Instant::now();
        run(i).await?;
        all.push(start.elapsed());
    }
    Ok(Samples::new(all))
}
