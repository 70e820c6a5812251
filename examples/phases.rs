use std::time::Instant; use edgelint::*; use rayon::prelude::*;
#[global_allocator] static A: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main(){ let root=std::env::args().nth(1).unwrap();
 rayon::ThreadPoolBuilder::new().stack_size(64<<20).build_global().unwrap();
 for _ in 0..4 { let t=Instant::now(); let tree=source::disk::open(root.as_ref()).unwrap(); eprint!("open {:?} ", t.elapsed());
 let t=Instant::now(); let m=manifest::Manifests::read(&tree); eprint!("manifests {:?} ", t.elapsed());
 let t=Instant::now(); let apps=apps::discover(&tree,&m,None); eprint!("apps {:?} ", t.elapsed());
 let t=Instant::now(); let v:Vec<_>=tree.paths.par_iter().filter_map(|p|{let k=facts::FileKind::of(p)?; let s=tree.read_text(p).ok()?; Some(extract::extract(k,&s))}).collect(); eprint!("extract {:?} ", t.elapsed());
 let t=Instant::now(); drop(v); eprint!("drop {:?} ", t.elapsed());
 let tree=std::sync::Arc::new(tree);
 let ws:Vec<_>=apps.packages.all.iter().filter_map(|p|Some(resolve::Workspace{name:p.name.clone()?,folder:p.folder.clone()})).collect();
 let t=Instant::now(); let r=resolve::Resolver::new(&tree,&ws); eprint!("resolver {:?} ", t.elapsed());
 let facts:Vec<_>=(0..).zip(&tree.paths).filter_map(|(i,p)|{let k=facts::FileKind::of(p)?; let s=tree.read_text(p).ok()?; Some((source::FileId(i),extract::extract(k,&s)))}).collect();
 let t=Instant::now(); let p=project::link(project::Inputs{tree:tree.clone(),apps,facts,problems:vec![]},&r); eprint!("link {:?} ", t.elapsed());
 let t=Instant::now(); let o=p.outside(); eprint!("outside {} {:?} ", o.len(), t.elapsed());
 let t=Instant::now(); drop(p); eprintln!("drop {:?}", t.elapsed());
 }}
