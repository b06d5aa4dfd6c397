namespace ServiceCtl.Contracts;

/// <summary>What a new project is built on. Each has a template of its own.</summary>
public enum ProjectFramework
{
    /// <summary>FastAPI under uvicorn.</summary>
    FastApi,

    /// <summary>Flask under uWSGI.</summary>
    Flask,

    /// <summary>A WSGI application without a framework.</summary>
    Wsgi,

    /// <summary>A program that works in a loop.</summary>
    Daemon,

    /// <summary>A project of the wrapper kit.</summary>
    Wrapper,
}
