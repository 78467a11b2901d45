# Completion of openclaw-portkey for PowerShell. What can follow, the program says itself.
Register-ArgumentCompleter -Native -CommandName openclaw-portkey -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $texts = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim("'", '"') })
    $words = @($texts | Select-Object -Skip 1)
    # An empty word would get lost on the way to the program.
    $blank = @()
    if ($wordToComplete -eq '') { $blank = @('--blank') }
    & $texts[0] __tab @blank '--' @words 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        # PowerShell takes a bare @ for a variable.
        $text = if ($value.StartsWith('@')) { "'$value'" } else { $value }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
