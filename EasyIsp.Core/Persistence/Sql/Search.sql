-- Search runs as a role without login and takes the tenant only from app.tenant_id (design: search under row-level security).
create function search_customers(term text) returns table (id uuid) language sql stable security definer
  set search_path = public, pg_temp as $$
  select c.id from customers c
  where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    and c.deleted_at is null
    and c.search_text like '%' || replace(replace(replace(lower(term), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;
alter function search_customers(text) owner to easyisp_search;
revoke all on function search_customers(text) from public;
grant execute on function search_customers(text) to easyisp_app;
