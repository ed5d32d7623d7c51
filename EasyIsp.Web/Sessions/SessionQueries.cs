using EasyIsp.Core.Sessions;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <summary>What the address of a list of sessions asks for.</summary>
internal static class SessionQueries
{
    public static SessionQuery Of(ListQuery query)
    {
        var sort = query.Sort switch
        {
            "user" => SessionSort.UserName,
            "router" => SessionSort.Router,
            "traffic" => SessionSort.Traffic,
            _ => SessionSort.Started,
        };
        Guid? router = Guid.TryParse(query["router"], out var id) ? id : null;
        return new SessionQuery(query.Page, query.Search, router, Sort: sort, Descending: query.Sort is null || query.Descending);
    }
}
