"""Doors of the site itself."""

from django.urls import path

from config.front import embeds, files, pages, sitemaps

urlpatterns = [
    path("robots.txt", files.robots, name="robots"),
    path(".well-known/security.txt", files.security, name="security_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<str:kind>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("offline/", pages.offline, name="offline"),
    path("worker.js", pages.worker, name="worker"),
    path("care/", pages.care, name="care"),
    path("help/", pages.help_page, name="help"),
    path("embed/", embeds.snippets, name="embed"),
    path("embed/live/", embeds.live, name="embed_live"),
    path("embed/awards/<str:number>/", embeds.award, name="embed_award"),
    path("embed/agencies/<str:uscc>/", embeds.credit, name="embed_credit"),
]
