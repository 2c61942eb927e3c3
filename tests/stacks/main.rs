//! Coherent layers and dipoles in them, against independent tables and closed forms.

mod closed_forms;
mod compare;
mod conservation;
mod data;
mod dipole_tables;
mod transfer_matrix;
