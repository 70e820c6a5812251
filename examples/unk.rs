use edgelint::analysis::*;
use edgelint::project::symbols::Meaning;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let want = std::env::args().nth(2).unwrap();
    let tree = edgelint::source::disk::open(root.as_ref()).unwrap();
    let a = Analysis::new(tree);
    let p = a.link(&Options::default(), &|_| {});
    let mut n = 0;
    for (id, m) in p.modules() {
        for c in &m.facts.calls {
            if let (Meaning::Unknown(r), None) = p.meaning(id, c.callee) {
                if r == want {
                    n += 1;
                    if n % 40 == 1 {
                        let l = m.facts.lines.position(c.name_span.start);
                        println!("{}:{}:{}", p.path(id), l.line, l.column);
                    }
                }
            }
        }
    }
    println!("{n}");
}
