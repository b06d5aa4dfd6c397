BeforeAll {
    . $PSScriptRoot/Support.ps1
    $work = Join-Path (Split-Path $env:SERVICECTL_HOME) 'projects'
    $null = New-Item -ItemType Directory -Force $work
    $before = Get-Location
    Set-Location $work
}

AfterAll { Set-Location $before }

Describe 'New-PyServiceProject' {
    It 'makes projects in the current location' {
        $made = New-PyServiceProject shop, stock-room -Layout Minimal -Port 8042
        $made.Name | Should -Be 'shop', 'stock-room'
        $made[1].Package | Should -Be 'stock_room'
        $made.Path | Should -Be "$work/shop", "$work/stock-room"
        $made[0].Files.Count | Should -BeGreaterThan 5
        $made[0].Files.Change | Select-Object -Unique | Should -Be 'Created'
        "$work/shop/etc/main.yaml" | Should -FileContentMatch '8042'
    }

    It 'shows with -WhatIf what it would make, and makes nothing' {
        $plan = New-PyServiceProject elsewhere -Path ./deep/below -WhatIf
        $plan.IsPlan | Should -BeTrue
        $plan.Path | Should -Be "$work/deep/below"
        $plan.Files.Path | Should -Contain 'requirements.txt'
        "$work/deep" | Should -Not -Exist
    }

    It 'refuses <Arguments> as <Id>' -ForEach @(
        @{ Arguments = @{ Name = 'json' }; Id = 'InvalidArgument' }
        @{ Arguments = @{ Name = '../x' }; Id = 'InvalidArgument' }
        @{ Arguments = @{ Name = 'x'; With = 'nonsense' }; Id = 'InvalidArgument' }
        @{ Arguments = @{ Name = 'shop' }; Id = 'FileExists' }
    ) {
        New-PyServiceProject @Arguments -ErrorAction SilentlyContinue -ErrorVariable fault | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -Be "$Id,ServiceCtl.Cmdlets.NewPyServiceProjectCommand"
        $fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $fault.ErrorDetails.RecommendedAction | Should -Not -Match 'servicectl new'
    }
}

Describe 'Update-PyServiceProject' {
    It 'adds a part to a project from the pipeline, and keeps what was changed' {
        Add-Content shop/.gitignore 'mine'
        $part = (Get-PyServiceTemplate FastApi).Parts.Name | Select-Object -First 1
        $plan = Get-Item shop | Update-PyServiceProject -With $part -WhatIf
        $plan.Files.Difference | Should -Match '(?m)^\+\+\+ b/'
        $project = [pscustomobject]@{ Path = './shop' } | Update-PyServiceProject -With $part
        $project.Parts | Should -Be $part
        $project.Files.Path | Should -Be $plan.Files.Path
        'shop/.gitignore' | Should -FileContentMatch '^mine$'
        (Update-PyServiceProject shop).Files | Should -BeNullOrEmpty
    }

    It 'says that a folder is no project' {
        Update-PyServiceProject . -ErrorAction SilentlyContinue -ErrorVariable fault
        $fault.FullyQualifiedErrorId | Should -Be 'ConfigNotFound,ServiceCtl.Cmdlets.UpdatePyServiceProjectCommand'
    }
}

Describe 'Completing what can be chosen' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'New-PyServiceProject x -Framework f'; Expected = 'FastApi' }
        @{ Line = 'New-PyServiceProject x -Database r'; Expected = 'Redis' }
        @{ Line = 'New-PyServiceProject x -Layout m'; Expected = 'Minimal' }
        @{ Line = 'New-PyServiceProject x -Framework Flask -With mak'; Expected = 'makefile' }
        @{ Line = 'Update-PyServiceProject x -Without mak'; Expected = 'makefile' }
    ) {
        (TabExpansion2 $Line -cursorColumn $Line.Length).CompletionMatches[0].CompletionText | Should -Be $Expected
    }
}

Describe 'Views' {
    It 'show templates, projects and files' {
        (Get-PyServiceTemplate | Out-String -Width 300) | Should -Match 'Framework +Version +Layouts +Databases +Parts'
        $plan = New-PyServiceProject other -WhatIf
        ($plan | Format-Table | Out-String -Width 300) | Should -Match 'Name +Framework +Database +Layout +Parts +Files +HasConflicts +Path'
        ($plan.Files | Out-String -Width 300) | Should -Match 'Change +Path +Reason'
        foreach ($one in $plan, ($plan.Files | Select-Object -First 1), (Get-PyServiceTemplate | Select-Object -First 1)) {
            $shown = $one | Format-List | Out-String -Width 300
            foreach ($name in $one.GetType().GetProperties().Name) { $shown | Should -Match "(?m)^$name +:" }
        }
    }
}
