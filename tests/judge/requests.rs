//! What is known of the requests of trees: `requests [--list] ROOT ..` prints, tree by tree, how many were found, how many have a known URL,
//! and where they end; with `--list` each of them.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the judge hands over arguments and reads what is printed"
)]

mod worker;

use std::path::Path;

use edgelint::project::Project;
use edgelint::project::requests::{Leads, Means, Request};
use worker::{link, open};

fn main() {
    worker::with_arguments(run);
}

fn run(arguments: &[String]) {
    let list = arguments.iter().any(|argument| argument == "--list");
    println!("| tree | found | links | known | endpoint | route | unanswered | missing | outside | unknown |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for root in arguments.iter().filter(|argument| *argument != "--list") {
        let project = link(open(Path::new(root)));
        let requests = project.requests();
        let count = |of: &dyn Fn(&Request) -> bool| {
            requests.iter().filter(|request| request.means != Means::Link && of(request)).count()
        };
        let name = Path::new(root).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let linked = |request: &&Request| request.means == Means::Link && request.route().is_some();
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            count(&|_| true),
            requests.iter().filter(linked).count(),
            count(&Request::is_known),
            count(&|request| matches!(request.leads, Leads::Endpoint(..))),
            count(&|request| matches!(request.leads, Leads::Route(..))),
            count(&|request| matches!(request.leads, Leads::Unanswered(..))),
            count(&|request| matches!(request.leads, Leads::Missing(_))),
            count(&|request| request.leads == Leads::Outside),
            count(&|request| request.leads == Leads::Unknown),
        );
        for (id, request) in requests.iter().enumerate().filter(|_| list) {
            println!("{}", line(&project, id, request));
        }
    }
}

fn line(project: &Project, id: usize, request: &Request) -> String {
    let at = |site| {
        let place = project.call_place(site);
        let module = project.module_of(place.file).expect("a call stands in a module");
        let line = project.module(module).facts.lines.position(place.span.start).line;
        format!("{}:{line}", project.file_path(place.file))
    };
    let leads = match request.route() {
        Some((app, route)) => format!("{} {:?}", project.routes(app).route(route).url, request.leads),
        None => format!("{:?}", request.leads),
    };
    let urls: Vec<String> =
        request.sent.addresses.iter().map(|address| format!("{:?} {}", address.origin, address.path)).collect();
    let kinds: Vec<&str> = project.senders(id).iter().map(|kind| kind.as_str()).collect();
    format!(
        "{}\t{:?}\t{}\t{}\t{leads}\t{}\t{:?} {:?}{}",
        at(request.at()),
        request.means,
        if request.sent.methods.is_empty() { "?".to_owned() } else { request.method() },
        urls.join(" | "),
        kinds.join(","),
        request.sent.headers,
        request.sent.body,
        if request.through.is_empty() { String::new() } else { format!("\tfrom {}", at(request.site)) },
    )
}
