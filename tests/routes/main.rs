//! Route tables: what the framework's own router said of requests (`fixtures/routes`), and what is asked of them.

#[path = "../support/repository.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod repository;

mod answers;
mod apps;
mod asked;
mod configured;
mod exports;
mod listed;
mod requests;
mod revalidated;
