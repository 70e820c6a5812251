//! A file that is written whole or not at all.
#![expect(clippy::disallowed_methods, reason = "the command line writes the files that it is told to")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Puts `bytes` into the file at `path`. A regular file is replaced at once, so its readers never see a part of it, and it
/// stays as it was where something goes wrong. What is no regular file (a pipe, a device) is written to as it is.
pub(super) fn file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write `{}`", path.display());
    if path == Path::new("/dev/stdout") {
        // Opened anew it would be written from its start, over what has been printed.
        return super::print(|out| out.write_all(bytes));
    }
    if path == Path::new("/dev/stderr") {
        return direct(&mut io::stderr().lock(), bytes).with_context(cannot);
    }
    let special = path.starts_with("/dev") || path.starts_with("/proc");
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => bail!("cannot write `{}`: it is a folder", path.display()),
        Ok(found) if special || !found.is_file() => {
            let mut file = OpenOptions::new().append(true).open(path).with_context(cannot)?;
            direct(&mut file, bytes).with_context(cannot)
        }
        Ok(found) if found.permissions().readonly() => bail!("cannot write `{}`: it is read-only", path.display()),
        Ok(found) => {
            // A link stays, and what it leads to is replaced.
            let target = fs::canonicalize(path).with_context(cannot)?;
            replace(&target, bytes, Some(found.permissions())).with_context(cannot)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = folder(path);
            if !folder.is_dir() {
                bail!("cannot write `{}`: there is no folder `{}`", path.display(), folder.display());
            }
            replace(path, bytes, None).with_context(cannot)
        }
        Err(error) => Err(error).with_context(cannot),
    }
}

/// That a reader has left is no error.
fn direct(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes beside `path`, then renames; nothing is left beside it where that fails.
fn replace(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let (beside, mut file) = create_beside(path)?;
    let written = (|| {
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        drop(file);
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A new file in the folder of `path`: a rename within a folder does not leave the disk.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut number = 0;
    loop {
        let beside = folder(path).join(format!(".{name}.{}.{number}.tmp", std::process::id()));
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => number += 1,
            created => return Ok((beside, created?)),
        }
    }
}

/// The folder that a file is in; `.` for a bare name.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
