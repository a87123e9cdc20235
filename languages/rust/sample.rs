// Expressions as a tree: `match` must name every kind of node, or the compiler complains.
enum Expr {
    Num(f64),
    Add(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
}

use Expr::*;

impl Expr {
    fn value(&self) -> f64 {
        match self {
            Num(n) => *n,
            Add(a, b) => a.value() + b.value(),
            Mul(a, b) => a.value() * b.value(),
        }
    }

    fn show(&self) -> String {
        match self {
            Num(n) => n.to_string(),
            Add(a, b) => format!("({} + {})", a.show(), b.show()),
            Mul(a, b) => format!("{} * {}", a.show(), b.show()),
        }
    }
}

fn main() {
    let num = |n| Box::new(Num(n));
    let tree = Mul(Box::new(Add(num(2.0), num(1.5))), num(12.0));
    println!("{} = {}", tree.show(), tree.value());
}
