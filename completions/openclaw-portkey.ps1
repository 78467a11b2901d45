# Completion of openclaw-portkey for PowerShell. The program itself provides the candidates.
Register-ArgumentCompleter -Native -CommandName openclaw-portkey -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $texts = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim("'", '"') })
    $words = @($texts | Select-Object -Skip 1)
    # An empty word would not reach the program.
    $blank = @()
    if ($wordToComplete -eq '') { $blank = @('--blank') }
    & $texts[0] __tab @blank '--' @words 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        # PowerShell treats a bare @ as a variable.
        $text = if ($value.StartsWith('@')) { "'$value'" } else { $value }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
