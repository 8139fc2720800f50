"""One small adapter per content management system; ``ADAPTERS`` is the order in which they are asked."""

from extractors.websites.cms.gkmlpt import Gkmlpt
from extractors.websites.cms.hanweb import Hanweb
from extractors.websites.cms.nfcms import Nfcms
from extractors.websites.cms.trs import Trs
from extractors.websites.rows import ListReader

ADAPTERS: tuple[ListReader, ...] = (Gkmlpt(), Hanweb(), Nfcms(), Trs())
