using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

public sealed class ProjectNameTests
{
    [Theory]
    [InlineData("shop", "shop", "shop")]
    [InlineData("My_Web.shop-2", "my-web-shop-2", "my_web_shop_2")]
    public void A_name_is_a_distribution_and_a_package(string text, string distribution, string package)
    {
        var name = ProjectName.Parse(text);

        Assert.Equal((distribution, package), (name.Distribution, name.Package));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9lives")]
    [InlineData("-x")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("магазин")]
    [InlineData("a234567890b234567890c234567890d2345678901")]
    [InlineData("class")]
    [InlineData("None")]
    [InlineData("json")]
    [InlineData("JSON")]
    [InlineData("py-compile")]
    [InlineData("cordio")]
    [InlineData("home")]
    public void What_Python_can_not_import_or_would_confuse_is_refused_with_a_remedy(string text)
    {
        var error = Assert.Throws<ServiceCtlException>(() => ProjectName.Parse(text));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.NotNull(error.Advice);
    }

    [Fact]
    public void The_standard_library_of_this_Python_is_known()
    {
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/python3",
            ["-c", "import sys, keyword; print(*[n for n in sys.stdlib_module_names if n[0] != '_'], *keyword.kwlist)"])
        { RedirectStandardOutput = true })!;

        Assert.DoesNotContain(python.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            word => !PythonNames.StandardModules.Contains(word) && !PythonNames.Keywords.Contains(word));
    }

    [Theory]
    [InlineData("import my_app.app", "import web_shop.app")]
    [InlineData("'my-app' (My App), MyApp(), MY_APP", "'web-shop' (Web Shop), WebShop(), WEB_SHOP")]
    [InlineData("my_apps, amy_app, my_app_x, _my_app, MY_APP_X, MyApps", "my_apps, amy_app, my_app_x, _my_app, MY_APP_X, MyApps")]
    [InlineData("my-app.service my-app-2 /my_app/", "web-shop.service web-shop-2 /web_shop/")]
    public void Names_are_exchanged_as_whole_words(string text, string expected) =>
        Assert.Equal(expected, ProjectName.Parse("web-shop").Exchange(text));
}
