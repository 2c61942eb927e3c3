//! What is wrong with a scene: all of it at once, each line with its place.

use std::cell::RefCell;
use std::fmt;

use super::tree::Place;
use crate::spectrum::Curve;

/// Everything wrong with a scene. Displayed one problem a line, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    file: String,
    pub(super) list: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub place: Place,
    pub message: String,
}

impl Problems {
    pub(super) fn new(file: &str, mut list: Vec<Problem>) -> Self {
        list.sort();
        list.dedup();
        Problems { file: file.to_owned(), list }
    }

    /// One problem of a whole scene, or of a design of it.
    pub(crate) fn one(of: &str, message: String) -> Self {
        Problems { file: of.to_owned(), list: vec![Problem { place: Place::File, message }] }
    }

    /// One line a problem, as displayed.
    pub fn lines(&self) -> Vec<String> {
        self.list.iter().map(|problem| self.line(problem)).collect()
    }

    fn line(&self, Problem { place, message }: &Problem) -> String {
        match place {
            Place::File => format!("{}: {message}", self.file),
            Place::Line(line) => format!("{}:{line}: {message}", self.file),
            Place::Set(set) => format!("--set {set}: {message}"),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.lines().join("\n"))
    }
}

impl std::error::Error for Problems {}

/// What reading a scene gathers beside the scene itself.
#[derive(Debug, Default)]
pub(super) struct Log {
    problems: RefCell<Vec<Problem>>,
    notes: RefCell<Vec<String>>,
    curves: RefCell<Vec<Stated>>,
}

/// A curve and where it was stated, so that its range can be held against all spectra of the scene.
#[derive(Debug)]
pub(super) struct Stated {
    pub place: Place,
    /// What it is: `layer 'film': index`.
    pub what: String,
    pub curve: Curve,
    /// What may be done where light lies outside its range.
    pub remedy: &'static str,
    /// Whether it belongs to a coherent layer, whose index may be a metal's.
    pub in_waves: bool,
}

impl Log {
    pub fn problem(&self, place: &Place, message: String) {
        self.problems.borrow_mut().push(Problem { place: place.clone(), message });
    }

    pub fn note(&self, note: String) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    pub fn has_problems(&self) -> bool {
        !self.problems.borrow().is_empty()
    }

    /// Remembers a curve for the check of ranges. Constants hold everywhere.
    pub fn stated(&self, place: &Place, what: String, curve: &Curve, remedy: &'static str) {
        self.remember(Stated { place: place.clone(), what, curve: curve.clone(), remedy, in_waves: false });
    }

    /// As [`Log::stated`], for the index of a coherent layer.
    pub fn stated_in_waves(&self, place: &Place, what: String, curve: &Curve, remedy: &'static str) {
        self.remember(Stated { place: place.clone(), what, curve: curve.clone(), remedy, in_waves: true });
    }

    fn remember(&self, stated: Stated) {
        if !matches!(stated.curve, Curve::Constant(_)) {
            self.curves.borrow_mut().push(stated);
        }
    }

    pub fn take_curves(&self) -> Vec<Stated> {
        self.curves.take()
    }

    pub fn into_parts(self) -> (Vec<Problem>, Vec<String>) {
        (self.problems.into_inner(), self.notes.into_inner())
    }
}
