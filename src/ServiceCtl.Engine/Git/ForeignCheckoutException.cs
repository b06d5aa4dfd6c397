namespace ServiceCtl.Engine.Git;

/// <summary>
/// A repository can name programs to run, and libgit2 maps its files: root reads none that others can write, and leaves it to its owner.
/// </summary>
internal sealed class ForeignCheckoutException(string root) : Exception
{
    public string Root => root;
}
