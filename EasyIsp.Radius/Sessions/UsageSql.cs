namespace EasyIsp.Radius.Sessions;

/// <summary>What subscriptions used, by day.</summary>
internal static class UsageSql
{
    /// <summary>Each row once, in the order of its key.</summary>
    public const string Add = $"""
        insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::bigint[], $7::bigint[], $8::bigint[])
        {AddToDay}
        """;

    public const string AddToDay = """
        on conflict (tenant_id, id) do update set
          uploaded_bytes = usage_days.uploaded_bytes + excluded.uploaded_bytes,
          downloaded_bytes = usage_days.downloaded_bytes + excluded.downloaded_bytes,
          seconds = usage_days.seconds + excluded.seconds
        """;
}
