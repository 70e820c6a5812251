//! What a `schema.prisma` says, whole or broken, and which files make one schema.

use edgelint::manifest::{Manifests, PrismaField, PrismaModel, PrismaSchema, Text};
use edgelint::source::memory;

fn schemas(files: &[(&str, &str)]) -> Vec<PrismaSchema> {
    let tree = memory::tree(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    Manifests::read(&tree).prisma
}

/// The one schema of one file.
fn schema(text: &str) -> PrismaSchema {
    let mut all = schemas(&[("prisma/schema.prisma", text)]);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

const SHOP: &str = r#"
// The shop.
generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

/// A person { who buys.
model User {
  id        String   @id @default(cuid())
  email     String   @unique @map("e_mail") @db.VarChar(255)
  name      String?
  role      Role     @default(USER)
  area      Unsupported("circle")?
  posts     BlogPost[] @relation("Written")
  createdAt DateTime @default(now())

  @@index([email, name(sort: Desc)])
  @@map("users") /* the old name */
  @@schema("auth")
}

model BlogPost {
  id       Int  @id
  author   User @relation("Written", fields: [authorId], references: [id],
    onDelete: Cascade)
  authorId String
  address  Address?
  @@unique([id, authorId])
}

type Address { city String }

view Report {
  id Int @unique
}

enum Role {
  USER
  ADMIN @map("admin")
}
"#;

/// A model as one line a field, in the words of the schema.
fn lines(model: &PrismaModel) -> String {
    let mut lines =
        format!("{:?} {} = {} {}", model.kind, model.accessor(), model.table(), value(model.schema.as_ref()));
    for field in &model.fields {
        lines.push_str("\n  ");
        lines.push_str(&line(field));
    }
    lines
}

fn line(field: &PrismaField) -> String {
    let mut line = format!("{}: {}", field.name.value, field.of.value);
    let marks = [(field.list, "[]"), (field.optional, "?"), (field.id, " id"), (field.unique, " unique")];
    line.extend(marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark));
    if let Some(mapped) = &field.mapped {
        line.push_str(&format!(" in {}", mapped.value));
    }
    if let Some(relation) = &field.relation {
        let names = |texts: &[Text]| texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>().join("+");
        let (name, deleted) = (value(relation.name.as_ref()), value(relation.on_delete.as_ref()));
        line.push_str(&format!(" -{name}- {} to {} {deleted}", names(&relation.fields), names(&relation.references)));
    }
    line
}

fn value(text: Option<&Text>) -> &str {
    text.map_or("", |text| &text.value)
}

#[test]
fn models_have_fields_tables_and_relations() {
    let schema = schema(SHOP);
    let models: Vec<String> = schema.models().map(|(_, model)| lines(model)).collect();
    let expected = [
        "Model user = users auth\n  id: String id\n  email: String unique in e_mail\n  name: String?\n  role: Role\n  \
         area: Unsupported?\n  posts: BlogPost[] -Written-  to  \n  createdAt: DateTime",
        "Model blogPost = BlogPost \n  id: Int id\n  author: User -Written- authorId to id Cascade\n  \
         authorId: String\n  address: Address?",
        "Composite address = Address \n  city: String",
        "View report = Report \n  id: Int unique",
    ];
    assert_eq!(models, expected);
    assert!(schema.files[0].errors.is_empty(), "{:?}", schema.files[0].errors);
}

#[test]
fn what_is_no_model_is_read_too() {
    let schema = schema(SHOP);
    let file = &schema.files[0];
    let values: Vec<&str> = file.enums[0].values.iter().map(|text| text.value.as_str()).collect();
    assert_eq!((file.enums[0].name.value.as_str(), values), ("Role", vec!["USER", "ADMIN"]));
    let client = &file.generators[0];
    assert_eq!(
        (client.name.value.as_str(), value(client.provider.as_ref()), value(client.output.as_ref())),
        ("client", "prisma-client", "../src/generated/prisma")
    );
    let database = &file.datasources[0];
    assert_eq!((database.name.value.as_str(), value(database.provider.as_ref())), ("db", "postgresql"));
}

#[test]
fn a_model_is_found_by_its_accessor_its_table_and_a_field() {
    let schema = schema(SHOP);
    let name = |found: Option<(_, &PrismaModel)>| found.map(|(_, model)| model.name.value.clone());
    assert_eq!(name(schema.by_accessor("blogPost")).as_deref(), Some("BlogPost"));
    assert_eq!(name(schema.by_accessor("BlogPost")), None);
    assert_eq!(name(schema.by_accessor("address")), None);
    assert_eq!(name(schema.by_table("users")).as_deref(), Some("User"));
    assert_eq!(name(schema.by_table("User")), None);
    let (_, user) = schema.by_accessor("user").expect("the schema has users");
    let targets: Vec<Option<String>> = user.fields.iter().map(|field| name(schema.target(field))).collect();
    assert_eq!(targets.iter().flatten().collect::<Vec<_>>(), ["BlogPost"]);
}

#[test]
fn every_value_has_its_place() {
    let schema = schema(SHOP);
    let at = |span: edgelint::source::Span| &SHOP[span.start as usize..span.end as usize];
    for (_, model) in schema.models() {
        assert_eq!(at(model.name.span), model.name.value);
        let block = at(model.span);
        assert!(["model ", "view ", "type "].iter().any(|keyword| block.starts_with(keyword)), "{block}");
        assert!(block.ends_with('}'));
        assert_eq!(block.matches('}').count(), 1);
        for field in &model.fields {
            assert_eq!(at(field.name.span), field.name.value);
            assert_eq!(at(field.of.span), field.of.value);
        }
    }
    let (_, user) = schema.by_accessor("user").expect("the schema has users");
    assert_eq!(user.mapped.as_ref().map(|text| at(text.span)), Some("\"users\""));
}

#[test]
fn broken_text_yields_what_can_be_read() {
    for (text, models, errors) in [
        ("", "", vec![]),
        ("model User {\n  id Int @id\n", "User(id)", vec!["the block of `User` is not closed"]),
        (
            "model User {\n  id Int @id\nmodel Post {\n  id Int\n}",
            "User(id) Post(id)",
            vec!["the block of `User` is not closed"],
        ),
        (
            "model User {\n  posts Post[] @relation(\nmodel Post {\n}",
            "User(posts) Post()",
            vec!["the block of `User` is not closed"],
        ),
        ("modle User {\n  id Int\n}\nmodel Post {\n id Int\n}", "Post(id)", vec!["`modle` starts no block"]),
        ("model User {\n  id\n  = 3\n  name String @@@\n  age Int @map(\"a\n}", "User(name,age)", vec![]),
        ("model User { id Int }\nmodel {\n}\nmodel Post{}", "User(id) Post()", vec!["`model` starts no block"]),
        ("\u{feff}model Ünï { größe Int }", "Ünï(größe)", vec![]),
        ("model User {\n  model Model\n  type String\n  enum Int\n}", "User(model,type,enum)", vec![]),
        ("/* model A {\n} */ model B {\n// }\n  id Int // @map(\"x\")\n}", "B(id)", vec![]),
    ] {
        let schema = schema(text);
        let named = |model: &PrismaModel| {
            let fields: Vec<&str> = model.fields.iter().map(|field| field.name.value.as_str()).collect();
            format!("{}({})", model.name.value, fields.join(","))
        };
        let found: Vec<String> = schema.models().map(|(_, model)| named(model)).collect();
        let said: Vec<&str> = schema.files[0].errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!((found.join(" ").as_str(), said), (models, errors), "{text}");
    }
}

#[test]
fn several_files_make_one_schema() {
    let source = "datasource db {\n  provider = \"mysql\"\n}\n";
    let files = [
        (
            "apps/web/prisma/schema/link.prisma",
            "model Link {\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}",
        ),
        ("apps/web/prisma/schema/schema.prisma", source),
        ("apps/web/prisma/schema/user.prisma", "model User {\n  id Int\n}"),
        ("packages/db/prisma/models/poll.prisma", "model Poll {\n  id Int\n}"),
        ("packages/db/prisma/schema.prisma", source),
        ("parts/a.prisma", "model A {\n}"),
        ("parts/b.prisma", "model B {\n}"),
        ("parts/deep/c.prisma", "model C {\n}"),
        ("two/mysql.prisma", source),
        ("two/sqlite.prisma", source),
    ];
    let found: Vec<String> = schemas(&files)
        .iter()
        .map(|schema| {
            let models: Vec<&str> = schema.models().map(|(_, model)| model.name.value.as_str()).collect();
            format!("{}: {} files, {}", schema.folder, schema.files.len(), models.join(" "))
        })
        .collect();
    assert_eq!(
        found,
        [
            "apps/web/prisma/schema: 3 files, Link User",
            "packages/db/prisma: 2 files, Poll",
            "parts: 2 files, A B",
            "parts/deep: 1 files, C",
            "two: 1 files, ",
            "two: 1 files, ",
        ]
    );
    let web = &schemas(&files)[0];
    let (_, link) = web.by_accessor("link").expect("the schema has links");
    assert_eq!(web.target(&link.fields[1]).map(|(file, model)| (file.0, model.name.value.as_str())), Some((2, "User")));
}
