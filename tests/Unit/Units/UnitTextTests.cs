using ServiceCtl.Contracts;
using ServiceCtl.Engine.Units;

namespace ServiceCtl.Tests.Unit.Units;

public sealed class UnitTextTests
{
    // What systemd makes of them was asked of systemd itself: tests/Pester/Units.Tests.ps1 and tests/Integration/Units.
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("50%", "50%%")]
    [InlineData("$HOME", "$$HOME")]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("", "\"\"")]
    [InlineData("two\nlines", "\"two\\nlines\"")]
    [InlineData("a;b", "\"a;b\"")]
    public void An_argument_reaches_the_program_as_it_is(string argument, string written) =>
        Assert.Equal($"/bin/x {written}", UnitText.CommandLine("/bin/x", [argument]));

    [Fact]
    public void A_time_is_never_shorter_than_asked() => Assert.Equal("2", UnitText.Seconds(TimeSpan.FromMilliseconds(1100)));

    [Fact]
    public void What_is_not_set_is_left_out() =>
        Assert.Equal("[Unit]\nDescription=x\n\n[Service]\nUser=me\n",
            new UnitText().Section("Unit").Set("Description", "x").Set("After", null).Section("Service").Set("User", "me").ToString());

    [Theory]
    [InlineData("/srv/a\nExecStartPre=/bin/evil")]
    [InlineData("/srv/a\rb")]
    [InlineData("/srv/a\\")]
    public void A_path_can_not_bring_settings_of_its_own(string path) =>
        Assert.Throws<ServiceCtlException>(() => new UnitText().Section("Service").Set("WorkingDirectory", UnitText.Value(path)));
}
