# Completion of openclaw-portkey for Elvish. The program itself provides the candidates.
use str
set edit:completion:arg-completer[openclaw-portkey] = {|@words|
  var lines = []
  try {
    set lines = [((external $words[0]) __tab -- (all $words[1..]) 2>/dev/null | from-lines)]
  } catch _ { }
  if (== 0 (count $lines)) {
    edit:complete-filename $@words
  } else {
    for line $lines {
      var value about = (str:split &max=2 "\t" $line)
      if (eq $about '') {
        edit:complex-candidate $value
      } else {
        edit:complex-candidate $value &display=$value' ('$about')'
      }
    }
  }
}
