//! stub
use crate::document::*; use std::ops::Range; use std::fmt;
#[derive(Clone,Debug)] pub enum Change { Set{path:Path,value:Value}, Append{path:Path,value:Value}, Remove{path:Path} }
#[derive(Clone,Debug)] pub struct Replacement { pub range: Range<usize>, pub text: String }
#[derive(Debug)] pub struct Edited { pub replacements: Vec<Replacement>, pub document: Document }
#[derive(Clone,Debug)] pub enum EditError { Judge{path:Path} }
impl fmt::Display for EditError { fn fmt(&self,f:&mut fmt::Formatter<'_>)->fmt::Result{ write!(f,"x") } }
pub fn apply(_d:&Document,_c:&[Change])->Result<Edited,EditError>{ todo!() }
