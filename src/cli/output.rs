//! Where a report goes: one format to stdout, any number to files.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::nearest::hint;
use super::write;
use crate::analysis::Report;
use crate::report::{self, Format};

#[derive(Args)]
pub(super) struct Output {
    /// How findings are written to stdout
    #[arg(long, value_enum, default_value = "human")]
    format: FormatName,
    /// Write findings to a file too, in a format of its own; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = destination)]
    output: Vec<Destination>,
    /// List in SARIF, marked as suppressed, what comments and the baseline hold back; GitHub's code scanning would show it as open
    #[arg(long)]
    sarif_suppressed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Excerpts with the trail of every finding
    Human,
    /// One line a finding
    Compact,
    /// One document, as in schema/check.schema.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// Checkstyle's XML
    Checkstyle,
    /// The diagnostic format of reviewdog
    Rdjson,
}

impl FormatName {
    const fn format(self, suppressed: bool) -> Format {
        match self {
            Self::Human => Format::Human,
            Self::Compact => Format::Compact,
            Self::Json => Format::Json,
            Self::Sarif => Format::Sarif { suppressed },
            Self::Github => Format::Github,
            Self::Gitlab => Format::Gitlab,
            Self::Junit => Format::Junit,
            Self::Checkstyle => Format::Checkstyle,
            Self::Rdjson => Format::Rdjson,
        }
    }
}

/// `sarif=report.sarif`
#[derive(Debug, Clone, PartialEq, Eq)]
struct Destination {
    format: FormatName,
    path: PathBuf,
}

impl Output {
    /// The format on stdout.
    pub(super) const fn format(&self) -> Format {
        self.format.format(self.sarif_suppressed)
    }

    /// Refuses what cannot go well before anything is read.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for (index, one) in self.output.iter().enumerate() {
            if self.output[..index].iter().any(|other| other.path == one.path) {
                bail!("`{}` is named twice by `--output`", one.path.display());
            }
        }
        let mut formats = self.output.iter().map(|one| one.format).chain([self.format]);
        if self.sarif_suppressed && formats.all(|format| format != FormatName::Sarif) {
            bail!("`--sarif-suppressed` is about SARIF: give `--format sarif` or `--output sarif=FILE` too");
        }
        Ok(())
    }

    /// Writes every file, the others too where one cannot be written.
    pub(super) fn write(&self, report: &Report) -> anyhow::Result<()> {
        let mut failed = Ok(());
        for one in &self.output {
            let mut text = Vec::new();
            report::check(report, one.format.format(self.sarif_suppressed), false, &mut text)?;
            let written = write::file(&one.path, &text);
            if failed.is_ok() {
                failed = written;
            } else if let Err(error) = written {
                super::say(&format!("error: {error:#}\n"));
            }
        }
        failed
    }
}

fn destination(text: &str) -> Result<Destination, String> {
    let Some((name, path)) = text.split_once('=') else {
        return Err("write `FORMAT=FILE`, such as `sarif=report.sarif`".to_owned());
    };
    let names = FormatName::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
    let Ok(format) = FormatName::from_str(name, false) else {
        let hint = hint(name, names.iter().map(String::as_str));
        return Err(format!("unknown format `{name}`{hint}; the formats are {}", names.join(", ")));
    };
    if path.is_empty() {
        return Err(format!("`{text}` names no file"));
    }
    Ok(Destination { format, path: PathBuf::from(path) })
}
