using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Runners;

/// <summary>Modules by the files of a traceback.</summary>
public sealed class PythonModuleTests
{
    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Folder = "/srv/shop",
        ConfigPath = "/srv/shop/config.yaml",
        Runner = "python",
        Environment = new Dictionary<string, string> { ["PYTHONPATH"] = "lib/own:/opt/common" },
    };

    [Theory]
    [InlineData("/srv/shop/main.py", "main")]
    [InlineData("/srv/shop/shop/basket/__init__.py", "shop.basket")]
    [InlineData("/srv/shop/home/shop/basket.py", "shop.basket")]
    [InlineData("/srv/shop/src/shop/basket.py", "shop.basket")]
    [InlineData("/srv/shop/lib/own/pay.py", "pay")]
    [InlineData("/opt/common/pay/card.py", "pay.card")]
    [InlineData("shop/basket.py", "shop.basket")]
    [InlineData("./main.py", "main")]
    [InlineData("/srv/shop/.venv/lib/python3.11/site-packages/sqlalchemy/engine/base.py", "sqlalchemy.engine.base")]
    [InlineData("/usr/lib/python3/dist-packages/yaml/reader.py", "yaml.reader")]
    [InlineData("/usr/lib/python3.11/json/decoder.py", "json.decoder")]
    [InlineData("/somewhere/else.py", "else")]
    [InlineData("<frozen importlib._bootstrap>", "importlib._bootstrap")]
    [InlineData("<string>", null)]
    public void A_file_is_a_module_below_where_Python_finds_it(string file, string? module)
    {
        Assert.Equal(module, PythonModule.NameOf(Shop, file));
    }

    [Fact]
    public void An_exception_is_meant_by_who_raised_it_by_the_services_own_code_and_by_its_type()
    {
        string[] lines =
        [
            "Traceback (most recent call last):",
            "  File \"/srv/shop/shop/basket.py\", line 3, in add", "    ask()",
            "  File \"/usr/lib/python3.11/json/decoder.py\", line 9, in decode", "    raise", "sqlalchemy.exc.OperationalError: gone",
        ];

        var found = PythonFailure.Find(lines, Shop.Folder)!;

        Assert.Equal(["shop.basket", "json.decoder", "sqlalchemy.exc"], PythonModule.Of(Shop, found.Type, found));
    }
}
