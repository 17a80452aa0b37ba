"""What every read takes: a connection, or the session of a request."""

from sqlalchemy import Connection
from sqlalchemy.orm import Session, scoped_session

Reader = Connection | Session | scoped_session[Session]
