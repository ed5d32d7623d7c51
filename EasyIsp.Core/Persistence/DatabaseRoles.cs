namespace EasyIsp.Core.Persistence;

/// <summary>The roles that the product connects as. None is a superuser, none bypasses row-level security.</summary>
public static class DatabaseRoles
{
    /// <summary>Owns the tables: migrations, partitions, deletion of a whole tenant. No running process has it.</summary>
    public const string Owner = "easyisp_owner";

    /// <summary>One tenant, by policy.</summary>
    public const string App = "easyisp_app";

    /// <summary>Every tenant: super admin, RADIUS, sweeping jobs.</summary>
    public const string Platform = "easyisp_platform";

    /// <summary>Owns Hangfire's schema, and nothing else: whoever writes job rows runs code.</summary>
    public const string Jobs = "easyisp_jobs";

    /// <summary>Owns the search functions; cannot log in.</summary>
    public const string Search = "easyisp_search";

    internal static readonly string[] LoginRoles = [Owner, App, Platform, Jobs];
}
